import { problemSchema } from "@live-orders/protocol/problem";
import { z } from "zod";
import { isTransient, type ApiError, type ApiResult } from "./api-error.ts";
import { backOffDelay, type BackOff } from "./back-off.ts";
import { pause, systemClock, type Clock } from "./clock.ts";

export interface HttpExchangeOptions {
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** From 0 up to 1. */
  readonly random?: () => number;
  /** How long one try may take, in milliseconds (20,000). */
  readonly timeout?: number;
  readonly backOff?: BackOff;
  /** Told of every answer that carries a `Date`: the server's clock, to whole seconds, between `sent` and `received`. */
  readonly onServerDate?: (seen: { date: number; sent: number; received: number }) => void;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** How often to ask at most, while the error is transient. */
  readonly tries: number;
  /** Milliseconds that the server was asked to wait, on top of the time-out. */
  readonly patience?: number;
}

/** Sends a request, as often as it may, and parses the answer. */
export type HttpExchange = <Value>(
  request: HttpRequest,
  schema: z.ZodType<Value>,
) => Promise<ApiResult<Value>>;

const TIMEOUT = 20_000;
const BACK_OFF: BackOff = { base: 250, cap: 5000 };
/** A server that asks for more is asked again after this long all the same. In milliseconds. */
const MAX_RETRY_AFTER = 30_000;

export function createHttpExchange(options: HttpExchangeOptions): HttpExchange {
  const { clock = systemClock, random = Math.random, backOff = BACK_OFF } = options;
  return async (request, schema) => {
    for (let attempt = 1; ; attempt += 1) {
      const result = await tryOnce(options, request, schema);
      if (result.ok || attempt >= request.tries || !isTransient(result.error)) return result;
      const asked = result.error.kind === "problem" ? (result.error.retryAfter ?? 0) : 0;
      const jittered = backOffDelay(backOff, attempt, random());
      await pause(clock, Math.min(MAX_RETRY_AFTER, asked) + jittered, request.signal);
      if (request.signal?.aborted) return { ok: false, error: { kind: "aborted" } };
    }
  };
}

async function tryOnce<Value>(
  options: HttpExchangeOptions,
  request: HttpRequest,
  schema: z.ZodType<Value>,
): Promise<ApiResult<Value>> {
  const { fetch: send = fetch, clock = systemClock, timeout = TIMEOUT } = options;
  const stop = new AbortController();
  const giveUp = () => {
    stop.abort();
  };
  const cancelTimer = clock.after(timeout + (request.patience ?? 0), giveUp);
  request.signal?.addEventListener("abort", giveUp);
  if (request.signal?.aborted) giveUp();
  const sent = clock.now();
  try {
    const response = await send(request.url, { ...requestInit(request), signal: stop.signal });
    noteDate(options, response, sent, clock.now());
    return readAnswer(response.status, response.headers.get("Retry-After"), await response.text(), schema);
  } catch (error) {
    if (request.signal?.aborted) return { ok: false, error: { kind: "aborted" } };
    const cause = stop.signal.aborted ? `no answer within ${timeout} ms` : causeOf(error);
    return { ok: false, error: { kind: "unreachable", cause } };
  } finally {
    cancelTimer();
    request.signal?.removeEventListener("abort", giveUp);
  }
}

function requestInit(request: HttpRequest): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json", ...request.headers };
  if (request.body === undefined) return { method: request.method, headers };
  headers["Content-Type"] = "application/json";
  return { method: request.method, headers, body: JSON.stringify(request.body) };
}

function noteDate(options: HttpExchangeOptions, response: Response, sent: number, received: number): void {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (!Number.isNaN(date)) options.onServerDate?.({ date, sent, received });
}

function readAnswer<Value>(
  status: number,
  retryAfter: string | null,
  text: string,
  schema: z.ZodType<Value>,
): ApiResult<Value> {
  const succeeded = status >= 200 && status < 300;
  const json = parseJson(text);
  if (succeeded) {
    const parsed = schema.safeParse(json);
    if (parsed.success) return { ok: true, value: parsed.data };
    return malformed(status, z.prettifyError(parsed.error));
  }
  const problem = problemSchema.safeParse(json);
  if (!problem.success) return malformed(status, text.slice(0, 200));
  const seconds = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
  const error: ApiError = {
    kind: "problem",
    problem: problem.data,
    retryAfter: seconds === null ? null : seconds * 1000,
  };
  return { ok: false, error };
}

const malformed = (status: number, detail: string): { ok: false; error: ApiError } => ({
  ok: false,
  error: { kind: "malformed", status, detail },
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's fetch hides the reason ("connect ECONNREFUSED") one level down.
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
