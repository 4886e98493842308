interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** Time that passes only when it is told to, and lets promises settle in between. */
export class FakeTimers {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  /** How many timers are set. */
  get size(): number {
    return this.#timers.size;
  }

  readonly nowMs = (): number => this.#nowMs;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { dueMs: this.#nowMs + ms, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  };

  /** Lets all promises settle that can, and runs what is due now. */
  async settle(): Promise<void> {
    await this.pass(0);
  }

  /** Lets `ms` milliseconds pass, timer by timer. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await turn();
    for (let runs = 0; runs < 100_000; runs += 1) {
      const next = this.#next();
      if (!next || next.dueMs > untilMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#timers.delete(next);
      next.run();
      await turn();
    }
    this.#nowMs = untilMs;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (!first || timer.dueMs < first.dueMs) first = timer;
    return first;
  }
}

/** All promises that can settle do so before the next turn of the event loop. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
