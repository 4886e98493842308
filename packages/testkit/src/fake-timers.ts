interface Timer {
  readonly dueMs: number;
  /** Those that are due at once run in the order in which they were set. */
  readonly order: number;
  readonly run: () => void;
  isOver: boolean;
}

/** Time that passes only when it is told to, and lets promises settle in between. */
export class FakeTimers {
  #nowMs = 0;
  #set = 0;
  #size = 0;
  /** A binary heap, the earliest first; those that were called off leave it when their time comes. */
  readonly #heap: Timer[] = [];

  /** How many timers are set. */
  get size(): number {
    return this.#size;
  }

  readonly nowMs = (): number => this.#nowMs;

  readonly after = (ms: number, run: () => void): (() => void) => {
    this.#set += 1;
    const timer: Timer = { dueMs: this.#nowMs + ms, order: this.#set, run, isOver: false };
    this.#push(timer);
    return () => {
      this.#end(timer);
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
      const next = this.#next(untilMs);
      if (!next) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#end(next);
      next.run();
      await turn();
    }
    this.#nowMs = untilMs;
  }

  #end(timer: Timer): void {
    if (timer.isOver) return;
    timer.isOver = true;
    this.#size -= 1;
  }

  /** Takes out the first that is due by `untilMs`. */
  #next(untilMs: number): Timer | null {
    for (let first = this.#heap[0]; first && first.dueMs <= untilMs; first = this.#heap[0]) {
      this.#pop();
      if (!first.isOver) return first;
    }
    return null;
  }

  #push(timer: Timer): void {
    this.#size += 1;
    let at = this.#heap.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = this.#heap[parent];
      if (!above || isBefore(above, timer)) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = timer;
  }

  #pop(): void {
    const last = this.#heap.pop();
    const length = this.#heap.length;
    if (!last || length === 0) return;
    let at = 0;
    for (;;) {
      const child = this.#earlierChild(at, length);
      const below = this.#heap[child];
      if (!below || isBefore(last, below)) break;
      this.#heap[at] = below;
      at = child;
    }
    this.#heap[at] = last;
  }

  #earlierChild(at: number, length: number): number {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const [a, b] = [this.#heap[left], this.#heap[right]];
    return right < length && a && b && isBefore(b, a) ? right : left;
  }
}

const isBefore = (a: Timer, b: Timer): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);

/** All promises that can settle do so before the next turn of the event loop. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
