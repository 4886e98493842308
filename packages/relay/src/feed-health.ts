import type { StreamFailure } from "@live-orders/store/change-source";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Timers } from "./timers.ts";

/** What the source said about its stream, as far as it said something. */
export interface FeedTrouble {
  readonly cause?: StreamFailure;
  readonly detail?: string;
}

export type RelayHealth =
  /** The source has not opened yet. */
  | ({ readonly kind: "starting"; readonly forMs: number } & FeedTrouble)
  | { readonly kind: "live"; readonly head: CursorParts }
  /** No sign of life from the source for `forMs` milliseconds. */
  | ({ readonly kind: "stale"; readonly forMs: number } & FeedTrouble);

/** Whether the feed flows. Judged when asked, from the source's last sign of life: there is no timer to be late. */
export class FeedHealth {
  readonly #timers: Timers;
  readonly #staleMs: number;
  #lastSignMs: number;
  #trouble: FeedTrouble = {};

  constructor(timers: Timers, staleMs: number) {
    this.#timers = timers;
    this.#staleMs = staleMs;
    this.#lastSignMs = timers.nowMs();
  }

  /** The source gave a batch, opened, or started afresh. */
  sign(): void {
    this.#lastSignMs = this.#timers.nowMs();
    this.#trouble = {};
  }

  down(trouble: FeedTrouble): void {
    this.#trouble = trouble;
  }

  health(head: CursorParts | null): RelayHealth {
    const forMs = this.#timers.nowMs() - this.#lastSignMs;
    if (head === null) return { kind: "starting", forMs, ...this.#trouble };
    return forMs < this.#staleMs ? { kind: "live", head } : { kind: "stale", forMs, ...this.#trouble };
  }
}
