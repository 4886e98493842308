export interface BackOff {
  /** Of the first wait, in milliseconds, before jitter. */
  readonly base: number;
  /** Of any wait, in milliseconds. */
  readonly cap: number;
}

/**
 * Exponential back-off with equal jitter: from half of `base * 2^(attempt - 1)` (at most `cap`) up to all of it.
 * `attempt` counts from 1; `roll` is a random number from 0 up to 1.
 */
export function backOffDelay(backOff: BackOff, attempt: number, roll: number): number {
  const full = Math.min(backOff.cap, backOff.base * 2 ** Math.min(30, attempt - 1));
  return Math.round(full * (0.5 + roll / 2));
}
