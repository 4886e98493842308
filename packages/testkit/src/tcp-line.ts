import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export interface LineState {
  refuses: boolean;
  blackHole: boolean;
  delayMs: number;
  bytesPerSecond: number;
}

const CLEAR: LineState = { refuses: false, blackHole: false, delayMs: 0, bytesPerSecond: Infinity };

/** What a test has told the proxy's line to be like. A change wakes whoever waits because of the old state. */
export class LineConditions {
  #state: LineState = CLEAR;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  get refuses(): boolean {
    return this.#state.refuses;
  }

  get delayMs(): number {
    return this.#state.delayMs;
  }

  get bytesPerSecond(): number {
    return this.#state.bytesPerSecond;
  }

  set(part: Partial<LineState>): void {
    this.#state = { ...this.#state, ...part };
    this.#changes.emit("change");
  }

  clear(): void {
    this.set(CLEAR);
  }

  /** Waits while the line is a black hole. Rejects when `signal` aborts. */
  async whenOpen(signal: AbortSignal): Promise<void> {
    while (this.#state.blackHole) await once(this.#changes, "change", { signal });
  }

  /** Waits, or until the line's state changes. Rejects when `signal` aborts. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0) return;
    const settled = new AbortController();
    const either = AbortSignal.any([signal, settled.signal]);
    try {
      await Promise.race([
        sleep(ms, undefined, { signal: either }),
        once(this.#changes, "change", { signal: either }),
      ]);
    } finally {
      settled.abort();
    }
  }
}
