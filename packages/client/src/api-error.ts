import { slugOf, type Problem, type ProblemSlug } from "@live-orders/protocol/problem";

/** Everything that may go wrong with a request, told apart by `kind`; none of it is thrown. */
export type ApiError =
  /** The server answered with a problem of the contract. */
  | { readonly kind: "problem"; readonly problem: Problem; readonly retryAfter: number | null }
  /** No answer came: no network, a refused connection, or the time-out passed. A write's outcome is unknown. */
  | { readonly kind: "unreachable"; readonly cause: string }
  /** An answer came that is not of the contract (a proxy's page, another server). */
  | { readonly kind: "malformed"; readonly status: number; readonly detail: string }
  /** The caller's signal aborted the request. */
  | { readonly kind: "aborted" };

export type ApiResult<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: ApiError };

/** The slug of the problem, or null when the error is none. */
export const problemSlug = (error: ApiError): ProblemSlug | null =>
  error.kind === "problem" ? slugOf(error.problem) : null;

/** One sentence for a person. */
export function describeError(error: ApiError): string {
  switch (error.kind) {
    case "problem":
      return error.problem.detail === "" ? error.problem.title : error.problem.detail;
    case "unreachable":
      return `The server cannot be reached (${error.cause})`;
    case "malformed":
      return `The server gave an answer that is not Live Orders' (HTTP ${error.status}: ${error.detail})`;
    case "aborted":
      return "The request was called off";
  }
}

/** Whether the same request, with the same key, may well succeed a little later. */
export const isTransient = (error: ApiError): boolean =>
  error.kind === "unreachable" ||
  (error.kind === "malformed" && error.status >= 502 && error.status <= 504) ||
  (error.kind === "problem" && (error.problem.status === 503 || error.problem.status === 429));
