import type { Timers } from "./timers.ts";

/** The promise's value, or null if it rejects, has not settled after `ms` milliseconds, or `signal` aborts first. */
export function within<T>(
  timers: Timers,
  ms: number,
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<T | null> {
  return new Promise((resolve) => {
    const settle = (value: T | null): void => {
      cancel();
      signal?.removeEventListener("abort", giveUp);
      resolve(value);
    };
    const giveUp = (): void => {
      settle(null);
    };
    const cancel = timers.after(ms, giveUp);
    signal?.addEventListener("abort", giveUp);
    if (signal?.aborted) giveUp();
    promise.then(settle, giveUp);
  });
}

/** A pause in which the process can do other things: write to its sockets, above all. */
export const pause = (timers: Timers, ms: number): Promise<void> =>
  new Promise((resolve) => {
    timers.after(ms, resolve);
  });
