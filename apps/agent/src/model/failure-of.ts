import { APICallError } from "ai";
import { AnswerTooLargeError } from "./bounded-fetch.ts";
import { ModelFailure } from "./model-failure.ts";

const MAX_CAUSES = 5;

/** What went wrong in a call, told without what the endpoint said: that may be anything. */
export function failureOf(error: unknown): ModelFailure {
  for (
    let cause = error, depth = 0;
    cause instanceof Error && depth < MAX_CAUSES;
    cause = cause.cause, depth += 1
  ) {
    if (cause instanceof ModelFailure) return cause;
    if (cause instanceof AnswerTooLargeError)
      return new ModelFailure("broken", "The model's answer was too large");
    if (APICallError.isInstance(cause)) return failureOfCall(cause);
  }
  return new ModelFailure("broken", "The model's answer was broken");
}

function failureOfCall({ statusCode, responseHeaders }: APICallError): ModelFailure {
  if (statusCode === undefined) {
    return new ModelFailure("down", "The model can't be reached", { isTransient: true });
  }
  if (statusCode < 300) return new ModelFailure("broken", "The model's answer was broken");
  const isTransient = statusCode === 408 || statusCode === 429 || statusCode >= 500;
  const message =
    statusCode === 429 ? "The model is overloaded" : "The model's endpoint answers with an error";
  const retryAfterMs = secondsOf(responseHeaders?.["retry-after"]) * 1000;
  return new ModelFailure("down", `${message} (${statusCode})`, { isTransient, retryAfterMs });
}

/** A date there counts as none. */
function secondsOf(header: string | undefined): number {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : 0;
}
