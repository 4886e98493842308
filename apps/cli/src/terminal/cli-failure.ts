export type FailureKind = "failed" | "usage" | "interrupted";

/** Contract, section 6. */
export const EXIT_CODES = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Ends the command with one line on stderr and the exit code of its kind. */
export class CliFailure extends Error {
  override readonly name = "CliFailure";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
