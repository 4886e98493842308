import type { FieldError, Problem, ProblemSlug } from "@live-orders/protocol/problem";

export interface ProblemDetails {
  readonly detail: string;
  readonly errors?: FieldError[];
  readonly current?: NonNullable<Problem["current"]>;
  /** More headers of the answer, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A problem of the contract, thrown anywhere below a route or an event and answered in one place. */
export class ProblemError extends Error {
  readonly kind = "problem";
  override readonly name = "ProblemError";
  readonly slug: ProblemSlug;
  readonly details: ProblemDetails;

  constructor(slug: ProblemSlug, details: ProblemDetails) {
    super(details.detail);
    this.slug = slug;
    this.details = details;
  }
}

/** A `validation` problem about one parameter, header or field. */
export function invalid(path: string, message: string): ProblemError {
  return new ProblemError("validation", { detail: `${path}: ${message}`, errors: [{ path, message }] });
}
