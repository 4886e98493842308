const FIRST_MS = 100;
const MAX_MS = 5000;

/** Growing, jittered, bounded pauses between tries, in ms. */
export class StreamBackoff {
  #tries = 0;

  next(): number {
    const ceiling = Math.min(MAX_MS, FIRST_MS * 2 ** this.#tries);
    this.#tries = Math.min(this.#tries + 1, 16);
    return Math.round(ceiling * (0.5 + Math.random() / 2));
  }

  reset(): void {
    this.#tries = 0;
  }
}

/** Resolves after `ms`, or as soon as `signal` aborts. */
export function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
