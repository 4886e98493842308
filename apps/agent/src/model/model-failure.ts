/**
 * Why a model gave nothing that can be used.
 *
 * - `busy`: over the budget of calls or tokens; `resting`: it failed lately, and is left alone for a while
 * - `down`: not reached, or it answered with an error; `slow`: past the time limit
 * - `broken`: an answer that is none: not JSON, cut, too large
 * - `unfit`: a whole answer that is of no use: empty, too long, no end within the steps, or against the rules
 */
export type ModelFailureKind = "busy" | "resting" | "down" | "slow" | "broken" | "unfit";

interface FailureAbout {
  /** It may go better at once, with a new call. */
  readonly isTransient?: boolean;
  /** For how long the endpoint asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** The message is a sentence for people: neither secrets nor what the endpoint said stand in it. */
export class ModelFailure extends Error {
  override readonly name = "ModelFailure";
  readonly kind: ModelFailureKind;
  readonly isTransient: boolean;
  readonly retryAfterMs: number;

  constructor(
    kind: ModelFailureKind,
    message: string,
    { isTransient = false, retryAfterMs = 0 }: FailureAbout = {},
  ) {
    super(message);
    this.kind = kind;
    this.isTransient = isTransient;
    this.retryAfterMs = retryAfterMs;
  }
}
