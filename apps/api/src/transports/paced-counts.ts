import type { Counts } from "@live-orders/protocol/http-orders";
import type { Cancel, Timers } from "@live-orders/relay/timers";

const PACE_MS = 1_000;

/** Passes the newest counts on: at once if none went out within the last second, else when that second is over. */
export class PacedCounts {
  readonly #pass: (counts: Counts) => void;
  readonly #timers: Timers;
  #sentAtMs = -Infinity;
  #waiting: Counts | null = null;
  #cancel: Cancel = () => undefined;

  constructor(pass: (counts: Counts) => void, timers: Timers) {
    this.#pass = pass;
    this.#timers = timers;
  }

  offer(counts: Counts): void {
    const waits = this.#waiting !== null;
    this.#waiting = counts;
    if (waits) return;
    const leftMs = this.#sentAtMs + PACE_MS - this.#timers.nowMs();
    if (leftMs <= 0) this.#flush();
    else this.#cancel = this.#timers.after(leftMs, () => this.#flush());
  }

  stop(): void {
    this.#cancel();
    this.#waiting = null;
  }

  #flush(): void {
    if (this.#waiting === null) return;
    const counts = this.#waiting;
    this.#waiting = null;
    this.#sentAtMs = this.#timers.nowMs();
    this.#pass(counts);
  }
}
