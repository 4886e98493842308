import { problem, PROBLEMS, type Problem, type ProblemSlug } from "@live-orders/protocol/problem";
import type { ErrorRequestHandler, Response } from "express";
import type { Logger } from "pino";
import { ProblemError, type ProblemDetails } from "./problem-error.ts";
import { requestIdOf } from "./request-id.ts";

/** In seconds: what a client is told to wait for before it tries again. */
const RETRY_AFTER = "1";

/**
 * Which problem an error stands for: the one place where errors become problems. What nobody foresaw is told as
 * `unavailable`, which is true of it and lets a client repeat the request; its stack goes to the log alone.
 */
export function problemOf(
  error: unknown,
  log: Logger,
): { readonly slug: ProblemSlug; readonly details: ProblemDetails } {
  if (error instanceof ProblemError) return error;
  const kind = error instanceof Error && "kind" in error ? error.kind : null;
  if (kind === "unavailable") {
    log.warn({ err: error }, "the database did not answer");
    return { slug: "unavailable", details: { detail: UNKNOWN_OUTCOME } };
  }
  if (error instanceof URIError || statusOf(error) === 400) {
    return { slug: "validation", details: { detail: "The path is not valid", errors: [BAD_PATH] } };
  }
  log.error({ err: error }, "a request failed in a way that was not foreseen");
  return { slug: "unavailable", details: { detail: UNKNOWN_OUTCOME } };
}

const BAD_PATH = { path: "path", message: "holds a percent-encoding that is not UTF-8" };
const UNKNOWN_OUTCOME =
  "The database did not answer. Whether a write was carried out is unknown: repeat it with the same Idempotency-Key.";

/** Express gives errors of its own a status. */
const statusOf = (error: unknown): unknown =>
  error instanceof Error && "status" in error ? error.status : undefined;

/** The body of a problem, for an answer, a bulk result or an acknowledgement. */
export function problemBody(slug: ProblemSlug, details: ProblemDetails, requestId: string): Problem {
  const { detail, errors, current } = details;
  return problem(slug, {
    detail,
    requestId,
    ...(errors === undefined ? {} : { errors }),
    ...(current === undefined ? {} : { current }),
  });
}

export function answerProblem(response: Response, slug: ProblemSlug, details: ProblemDetails): void {
  response
    .status(PROBLEMS[slug].status)
    .set({ "Cache-Control": "no-store", ...details.headers })
    .type("application/problem+json");
  if (slug === "unavailable" || slug === "rate-limited") response.set("Retry-After", RETRY_AFTER);
  response.json(problemBody(slug, details, requestIdOf(response.req)));
}

/** The last handler of the application. */
export function problemAnswers(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { slug, details } = problemOf(error, log.child({ requestId: requestIdOf(request) }));
    if (response.headersSent) response.destroy();
    else answerProblem(response, slug, details);
    discardBody(request);
  };
}

/** Bytes of an unread body that are taken and thrown away, so that a client that still sends gets the answer. */
const MAX_DISCARDED = 32 * 1024 * 1024;

function discardBody(request: Parameters<ErrorRequestHandler>[1]): void {
  if (request.readableEnded) return;
  let discarded = 0;
  request.on("data", (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > MAX_DISCARDED) request.destroy();
  });
  request.resume();
}
