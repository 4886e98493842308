const FIRST_MS = 200;
const GREATEST_MS = 10_000;

/** Milliseconds to wait before the `attempt`-th restart (from 1): doubled each time, at most 10 s. */
export function backOffMs(attempt: number): number {
  return Math.min(GREATEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 30));
}
