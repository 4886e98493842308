import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Timers } from "./timers.ts";
import { within } from "./within.ts";

/** Looks that were given up may still be waiting for the database; while there are as many, no other is begun. */
const MAX_UNANSWERED = 2;

/**
 * The database's clock for any number of readers at once: at most one look at it is under way and one is queued. Who
 * asks while one is under way waits for the next, because the one under way may have been taken before it asked.
 */
export class DatabaseClock {
  readonly #now: () => Promise<CursorParts>;
  readonly #timers: Timers;
  readonly #clockMs: number;
  #current: Promise<CursorParts | null> | null = null;
  #next: Promise<CursorParts | null> | null = null;
  #unanswered = 0;

  constructor(now: () => Promise<CursorParts>, timers: Timers, clockMs: number) {
    this.#now = now;
    this.#timers = timers;
    this.#clockMs = clockMs;
  }

  /** A time after this call. Null: the database is away, or did not answer in time. */
  read(): Promise<CursorParts | null> {
    if (this.#current === null) return this.#begin();
    this.#next ??= this.#current.then(() => {
      this.#next = null;
      return this.#begin();
    });
    return this.#next;
  }

  #begin(): Promise<CursorParts | null> {
    const look = within(this.#timers, this.#clockMs, this.#look());
    this.#current = look;
    void look.then(() => {
      this.#current = null;
    });
    return look;
  }

  async #look(): Promise<CursorParts | null> {
    if (this.#unanswered >= MAX_UNANSWERED) return null;
    this.#unanswered += 1;
    try {
      return await this.#now();
    } finally {
      this.#unanswered -= 1;
    }
  }
}
