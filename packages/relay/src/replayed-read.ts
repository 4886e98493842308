import { roomOf } from "@live-orders/protocol/room";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { Status } from "@live-orders/protocol/status";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { ChangeLog } from "./change-log.ts";
import type { LogEntry } from "./log-entry.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { RelayObserver, Rung } from "./relay-observer.ts";
import type { ReplayReader, SharedReplay } from "./shared-replay.ts";
import type { Timers } from "./timers.ts";

/** What a read finds after a place. */
export type Found =
  /** `more`: there may be more after `upTo` already. */
  | {
      readonly kind: "found";
      readonly entries: readonly LogEntry[];
      readonly upTo: CursorParts;
      readonly more: boolean;
    }
  | { readonly kind: "lost"; readonly reason: ResetReason }
  | { readonly kind: "unavailable" };

interface ReplayedReadParts {
  readonly replay: SharedReplay;
  readonly log: ChangeLog;
  readonly timers: Timers;
  readonly limits: RelayLimits;
  readonly observer: RelayObserver;
}

interface Wanted {
  readonly statuses: readonly Status[];
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Reads on in the shared replay from a place that the log does not reach, until it is enough or the log reaches it. */
export function replayForRead(parts: ReplayedReadParts, want: Wanted, from: CursorParts): Promise<Found> {
  return new Promise((resolve) => {
    const taken = new Collector(want, from);
    const end = (otherwise: Found): void => {
      cancel();
      want.signal.removeEventListener("abort", giveUp);
      parts.replay.remove(reader);
      if (taken.rung !== null) parts.observer.replayed(taken.rung, taken.entries.length);
      resolve(taken.entries.length > 0 || otherwise.kind === "found" ? taken.found() : otherwise);
    };
    const giveUp = (): void => {
      end({ kind: "unavailable" });
    };
    const reader: ReplayReader = {
      filter: { statuses: want.statuses, room: roomOf(want.statuses) },
      get place() {
        return taken.place;
      },
      offer: (page) => {
        taken.rung = page.rung;
        taken.take(page.entriesFor(reader.filter, taken.place), page.upTo);
        return !taken.isFull && !parts.log.reaches(taken.place);
      },
      onward: () => {
        end(taken.found());
      },
      lost: (reason) => {
        end({ kind: "lost", reason });
      },
      failed: giveUp,
    };
    const cancel = parts.timers.after(parts.limits.readReplayMs, giveUp);
    want.signal.addEventListener("abort", giveUp);
    if (!parts.replay.add(reader)) giveUp();
  });
}

/** Takes what it is given up to a limit; its place says how far that reaches. */
class Collector {
  readonly entries: LogEntry[] = [];
  place: CursorParts;
  /** Where it came from; null: it was offered nothing. */
  rung: Rung | null = null;
  readonly #limit: number;

  constructor({ limit }: Wanted, from: CursorParts) {
    this.#limit = limit;
    this.place = from;
  }

  get isFull(): boolean {
    return this.entries.length >= this.#limit;
  }

  take(seen: readonly LogEntry[], upTo: CursorParts): void {
    const fitting = seen.slice(0, this.#limit - this.entries.length);
    this.entries.push(...fitting);
    const last = fitting.at(-1);
    const isCut = fitting.length < seen.length;
    this.place = isCut && last ? { ...upTo, position: last.position } : upTo;
  }

  found(): Found {
    return { kind: "found", entries: this.entries, upTo: this.place, more: true };
  }
}
