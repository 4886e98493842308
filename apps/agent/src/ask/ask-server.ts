import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { questionSchema, type AnswererInfo, type AnswerPart } from "@live-orders/protocol/http-ask";
import type { Logger } from "pino";
import type { Answerer } from "../questions/answerer.ts";
import { refusal } from "./local-caller.ts";
import { readJson } from "./request-body.ts";

/** Of a question, in bytes. */
const MAX_BODY = 8 * 1024;
const MAX_ANSWERS = 8;
/** Of an answer, in milliseconds. */
const ANSWER_LIMIT = 120_000;

/**
 * Answers questions over HTTP, for the server of the orders, which asks on behalf of its page: `GET /ask` says what
 * answers, `POST /ask` streams the parts of an answer, one a line.
 */
export function askServer(answerer: Answerer, log: Logger): Server {
  let answers = 0;
  return createServer((request, response) => {
    const why = refusal(request);
    if (why !== null) return end(response, 403, why);
    if (request.url !== "/ask") return end(response, 404, "There is only /ask");
    if (request.method === "GET") {
      return end(response, 200, JSON.stringify({ source: answerer.source } satisfies AnswererInfo));
    }
    if (request.method !== "POST") return end(response, 405, "Only GET and POST");
    if (answers >= MAX_ANSWERS) return end(response, 429, "Too many questions at once");
    answers += 1;
    answer(answerer, request, response, log)
      .catch((error: unknown) => {
        log.warn({ err: error }, "a question could not be answered");
        response.destroy();
      })
      .finally(() => (answers -= 1));
  });
}

const end = (response: ServerResponse, status: number, text: string): void => {
  const type = status === 200 ? "application/json" : "text/plain";
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" }).end(text);
};

async function answer(
  answerer: Answerer,
  request: IncomingMessage,
  response: ServerResponse,
  log: Logger,
): Promise<void> {
  const question = questionSchema.safeParse(await readJson(request, MAX_BODY));
  if (!question.success) return end(response, 400, "This is no question");
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(ANSWER_LIMIT)]);
  response.writeHead(200, { "Content-Type": "application/x-ndjson", "Cache-Control": "no-store" });
  const began = Date.now();
  let last: AnswerPart | null = null;
  for await (const part of answerer.answer(question.data, signal)) {
    last = part;
    if (!response.write(`${JSON.stringify(part)}\n`)) await once(response, "drain", { signal });
  }
  if (signal.aborted && !gone.signal.aborted) {
    response.write(`${JSON.stringify({ kind: "failed", reason: "The answer took too long" })}\n`);
  }
  response.end();
  log.info(
    { asked: question.data.question, by: answerer.source, end: last, ms: Date.now() - began },
    "a question was asked",
  );
}
