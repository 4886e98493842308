/** Says that there may be something new, to all who wait. A call between a look and the wait that follows is not lost. */
export class WakeUp {
  #count = 0;
  #waiting = new Set<() => void>();

  /** To be read before the look, and handed to `after`. */
  get count(): number {
    return this.#count;
  }

  call(): void {
    this.#count += 1;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resume of waiting) resume();
  }

  /** Resolves at the first call after `count`, after `limitMs`, or when the signal aborts. Never rejects. */
  after(count: number, limitMs: number, signal: AbortSignal): Promise<void> {
    if (this.#count > count || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const resume = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", resume);
        this.#waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, limitMs);
      signal.addEventListener("abort", resume, { once: true });
      this.#waiting.add(resume);
    });
  }
}
