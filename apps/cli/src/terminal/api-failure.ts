import { describeError, type ApiError, type ApiResult } from "@live-orders/client/api-error";
import { CliFailure } from "./cli-failure.ts";

/** Turns what went wrong with a request into the line that the command ends with. */
export function apiFailure(error: ApiError, url: string): CliFailure {
  switch (error.kind) {
    case "aborted":
      return new CliFailure("interrupted", "Interrupted");
    case "unreachable":
      return new CliFailure(
        "failed",
        `${url} can't be reached (${error.cause}): is the server running there? (--url, LIVE_ORDERS_URL)`,
      );
    case "problem": {
      const fields = (error.problem.errors ?? []).map(({ path, message }) => `\n  ${path}: ${message}`);
      return new CliFailure("failed", describeError(error) + fields.join(""));
    }
    case "malformed":
      return new CliFailure("failed", describeError(error));
  }
}

/** @throws CliFailure if it is no success */
export function valueOf<Value>(result: ApiResult<Value>, url: string): Value {
  if (result.ok) return result.value;
  throw apiFailure(result.error, url);
}
