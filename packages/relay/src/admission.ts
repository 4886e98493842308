import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { ChangeLog } from "./change-log.ts";
import type { DatabaseClock } from "./database-clock.ts";
import type { HeadGate } from "./head-gate.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { Timers } from "./timers.ts";
import { within } from "./within.ts";

export type Admission =
  /** The reader follows the feed from `at`. It is up to date when the head has reached `barrier`. */
  | { readonly kind: "follow"; readonly at: CursorParts; readonly barrier: CursorParts }
  | { readonly kind: "reset"; readonly reason: ResetReason }
  | { readonly kind: "unavailable" };

/** Judges the cursor that a reader brings, by the log and by the database's clock. */
export class AdmissionDesk {
  readonly #log: ChangeLog;
  readonly #clock: DatabaseClock;
  readonly #gate: HeadGate;
  readonly #timers: Timers;
  readonly #limits: RelayLimits;

  constructor(parts: {
    readonly log: ChangeLog;
    readonly clock: DatabaseClock;
    readonly gate: HeadGate;
    readonly timers: Timers;
    readonly limits: RelayLimits;
  }) {
    this.#log = parts.log;
    this.#clock = parts.clock;
    this.#gate = parts.gate;
    this.#timers = parts.timers;
    this.#limits = parts.limits;
  }

  /** Whether the cursor is at or before the head: nothing needs to be asked, its reader can be caught up at once. */
  isPast(after: CursorParts): boolean {
    const { generation, position } = this.#log.head;
    return after.generation === generation && after.position <= position;
  }

  /** For a cursor that is past: its reader needs the database's clock for the barrier alone, and not for long. */
  async admitPast(after: CursorParts): Promise<Admission> {
    const now = await within(this.#timers, this.#limits.barrierMs, this.#clock.read());
    return now === null ? { kind: "unavailable" } : { kind: "follow", at: after, barrier: now };
  }

  /**
   * Judges a cursor that is not past. It may be ahead of this node alone, which then lags and will get there; but one
   * that is ahead of the database's clock was not given by this database. Without a cursor: the clock's own.
   */
  async admit(after: CursorParts | null): Promise<Admission> {
    const now = await this.#clock.read();
    if (now === null) return { kind: "unavailable" };
    const at = after ?? now;
    const follow: Admission = { kind: "follow", at, barrier: now };
    if (this.isPast(at)) return follow;
    if (at.generation === now.generation) {
      if (at.position > now.position) return { kind: "reset", reason: "history-lost" };
      await this.#gate.turned(at.generation, this.#limits.barrierMs);
    }
    const isOfThisFeed = at.generation === this.#log.head.generation;
    return isOfThisFeed ? follow : { kind: "reset", reason: "history-lost" };
  }
}
