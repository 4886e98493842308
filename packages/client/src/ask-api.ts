import {
  answererSchema,
  answerPartSchema,
  type AnswererInfo,
  type AnswerPart,
  type questionSchema,
} from "@live-orders/protocol/http-ask";
import { problemSchema } from "@live-orders/protocol/problem";
import type { z } from "zod";
import { describeError, type ApiError, type ApiResult } from "./api-error.ts";
import { createHttpExchange } from "./http-exchange.ts";

export interface AskApiOptions {
  /** `http://127.0.0.1:3000`, or nothing for the page's own origin. */
  readonly baseUrl?: string;
}

/** Questions about the orders, in plain language. */
export interface AskApi {
  /** What answers now; an `agent-away` problem if nothing does. */
  answerer(signal?: AbortSignal): Promise<ApiResult<AnswererInfo>>;
  /**
   * The parts of the answer as they come. Nothing is thrown: what goes wrong on the way is a last `failed` part. The
   * signal ends it early, without one.
   */
  ask(question: z.input<typeof questionSchema>, signal: AbortSignal): AsyncGenerator<AnswerPart>;
}

/** In characters: no part is longer. */
const MAX_LINE = 1_000_000;

export function createAskApi({ baseUrl = "" }: AskApiOptions = {}): AskApi {
  const url = `${baseUrl.replace(/\/+$/, "")}/api/agent/ask`;
  const exchange = createHttpExchange({});
  return {
    answerer: (signal) =>
      exchange({ method: "GET", url, tries: 1, ...(signal && { signal }) }, answererSchema),
    async *ask(question, signal) {
      try {
        yield* answerParts(url, question, signal);
      } catch (error) {
        if (signal.aborted) return;
        const cause = error instanceof Error ? error.message : String(error);
        yield failed({ kind: "unreachable", cause });
      }
    },
  };
}

async function* answerParts(
  url: string,
  question: z.input<typeof questionSchema>,
  signal: AbortSignal,
): AsyncGenerator<AnswerPart> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/x-ndjson" },
    body: JSON.stringify(question),
    signal,
  });
  if (!response.ok || response.body === null) {
    yield failed(await refusalOf(response));
    return;
  }
  let isEnded = false;
  for await (const line of linesOf(response.body)) {
    const part = answerPartSchema.parse(JSON.parse(line));
    yield part;
    isEnded = part.kind === "end" || part.kind === "failed";
  }
  if (!isEnded) yield { kind: "failed", reason: "The answer was cut off" };
}

const failed = (error: ApiError): AnswerPart => ({
  kind: "failed",
  reason: describeError(error).slice(0, 500),
});

async function refusalOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    return { kind: "problem", problem: problemSchema.parse(JSON.parse(text)), retryAfter: null };
  } catch {
    return { kind: "malformed", status: response.status, detail: text.slice(0, 200) };
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter((line) => line !== "");
      if (rest.length > MAX_LINE) throw new Error("a part of the answer is too long");
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
