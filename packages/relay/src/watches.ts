import type { Cursor } from "@live-orders/protocol/cursor";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { Status } from "@live-orders/protocol/status";
import { encodeCursor, type CursorParts } from "@live-orders/store/cursor-parts";
import type { Admission, AdmissionDesk } from "./admission.ts";
import type { Backlogs } from "./backlogs.ts";
import type { CatchUp, WatchKeeper } from "./catch-up.ts";
import type { ChangeLog } from "./change-log.ts";
import type { HeadGate } from "./head-gate.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { CloseReason, RelayObserver } from "./relay-observer.ts";
import type { Rooms } from "./rooms.ts";
import type { Subscriber } from "./subscriber.ts";
import { Watcher } from "./watcher.ts";

export interface WatchRequest {
  /** Not empty; doubles do no harm. */
  readonly statuses: readonly Status[];
  /** Everything after it is handed over before the outcome. */
  readonly after?: CursorParts;
}

export type WatchOutcome =
  | {
      readonly kind: "watching";
      /** Never below those of `after`, unless there is a `reset`. */
      readonly position: Position;
      readonly cursor: Cursor;
      /** How many changes it was handed before this outcome. */
      readonly replayed: number;
      /** What came before `cursor` is lost; the feed is live from there on. */
      readonly reset?: ResetReason;
    }
  /** A later `watch` or `unwatch` took its place. */
  | { readonly kind: "replaced" }
  /** The database or its history cannot be read just now, or the relay stops. The subscriber watches nothing. */
  | { readonly kind: "unavailable" };

interface WatchesParts {
  readonly log: ChangeLog;
  readonly rooms: Rooms;
  readonly backlogs: Backlogs;
  readonly gate: HeadGate;
  readonly desk: AdmissionDesk;
  readonly limits: RelayLimits;
  readonly observer: RelayObserver;
  /** Late, because each needs the other. */
  readonly catchUp: () => CatchUp;
}

/** A watch that has not been answered yet. */
interface Pending {
  readonly done: (outcome: WatchOutcome) => void;
  /** Everything committed before the watch came is at or before the head. */
  isPastBarrier: boolean;
}

/** Neither live nor ended. */
const isOnItsWay = ({ phase }: Watcher): boolean => phase === "arriving" || phase === "behind";

/** Each subscriber's one watch: how it begins, is answered, is reset, and ends. */
export class Watches implements WatchKeeper {
  readonly #parts: WatchesParts;
  readonly #watchers = new Map<Subscriber, Watcher>();
  readonly #pending = new Map<Watcher, Pending>();

  constructor(parts: WatchesParts) {
    this.#parts = parts;
  }

  watch(subscriber: Subscriber, want: WatchRequest, done: (outcome: WatchOutcome) => void): void {
    this.unwatch(subscriber);
    const watcher = new Watcher(subscriber, want.statuses);
    this.#watchers.set(subscriber, watcher);
    this.#pending.set(watcher, { done, isPastBarrier: false });
    this.#arrive(watcher, want.after ?? null).catch((error: unknown) => {
      this.#parts.observer.fault("a watch failed", error);
      this.#refuse(watcher);
    });
  }

  unwatch(subscriber: Subscriber): void {
    const watcher = this.#watchers.get(subscriber);
    if (watcher) this.#end(watcher, { kind: "replaced" });
  }

  /** The watcher has been handed everything up to the head. */
  live(watcher: Watcher): void {
    for (const [rung, changes] of watcher.caughtUp ?? []) this.#parts.observer.replayed(rung, changes);
    this.#answer(watcher);
    watcher.caughtUp = null;
  }

  /** Nothing reaches back to the watcher's place: it is told so and goes on from the head. */
  lost(watcher: Watcher, reason: ResetReason): void {
    if (watcher.phase === "ended") return;
    const { catchUp, log, observer } = this.#parts;
    observer.reset(reason);
    catchUp().forget(watcher);
    // Its answer first: what it is handed from now on comes after the reset.
    if (this.#pending.has(watcher)) this.#settle(watcher, this.#watching(watcher, log.head, reason));
    else this.#tellReset(watcher, reason);
    if (isOnItsWay(watcher)) catchUp().follow(watcher, log.head);
  }

  /** The source started afresh: what its readers hold is void, unless they were ahead of it. */
  restart(at: CursorParts, reason: ResetReason): void {
    for (const watcher of [...this.#watchers.values()]) {
      if (watcher.phase === "arriving") continue;
      const { generation, position } = watcher.place;
      const isAhead = generation === at.generation && position >= at.position;
      if (watcher.phase === "live" || !isAhead) this.lost(watcher, reason);
    }
  }

  /** Ends the subscriber's connection. A watch under way is answered first. */
  close(watcher: Watcher, why: CloseReason): void {
    if (watcher.phase === "ended") return;
    this.#end(watcher, { kind: "unavailable" });
    this.#parts.observer.closed(why);
    this.#guard("a subscriber failed to close", () => {
      watcher.subscriber.close(why);
    });
  }

  /** Calls the subscriber, and closes it if it throws. */
  hand(watcher: Watcher, what: () => void): void {
    const { phase } = watcher;
    if (phase === "ended") return;
    if (!this.#guard("a subscriber failed", what)) this.close(watcher, "unavailable");
  }

  closeAll(why: CloseReason): void {
    for (const watcher of [...this.#watchers.values()]) this.close(watcher, why);
  }

  async #arrive(watcher: Watcher, after: CursorParts | null): Promise<void> {
    const { gate, desk, limits, backlogs, catchUp } = this.#parts;
    if (!(await gate.opened(limits.clockMs))) return this.#refuse(watcher);
    if (watcher.phase === "ended") return;
    backlogs.add(watcher);
    const isPast = after !== null && desk.isPast(after);
    if (isPast) catchUp().follow(watcher, after);
    const admission = isPast ? await desk.admitPast(after) : await desk.admit(after);
    if (!isPast) this.#begin(watcher, after, admission);
    // Without a clock, what is at hand is the best that can be done.
    if (admission.kind === "follow") await gate.reached(admission.barrier, limits.barrierMs);
    const pending = this.#pending.get(watcher);
    if (!pending) return;
    pending.isPastBarrier = true;
    this.#answer(watcher);
  }

  #begin(watcher: Watcher, after: CursorParts | null, admission: Admission): void {
    if (!watcher.is("arriving")) return;
    if (admission.kind === "unavailable") return this.#refuse(watcher);
    if (admission.kind === "reset") return this.lost(watcher, admission.reason);
    // Without a cursor nothing was missed: it has its answer, whatever comes before it can be live.
    if (after === null) this.#settle(watcher, this.#watching(watcher, admission.at));
    if (watcher.is("arriving")) this.#parts.catchUp().follow(watcher, admission.at);
  }

  /** Answers the watch if all that was missed has been handed over. */
  #answer(watcher: Watcher): void {
    const pending = this.#pending.get(watcher);
    if (!pending?.isPastBarrier) return;
    const { log, catchUp } = this.#parts;
    if (watcher.phase === "live") this.#settle(watcher, this.#watching(watcher, log.head));
    else if (catchUp().isAhead(watcher)) this.#settle(watcher, this.#watching(watcher, watcher.place));
  }

  #watching(watcher: Watcher, at: CursorParts, reset?: ResetReason): WatchOutcome {
    watcher.told = at.position;
    const replayed = watcher.is("live") ? this.#parts.rooms.handedTo(watcher) : watcher.replayed;
    const place = { position: at.position, cursor: encodeCursor(at) };
    return { kind: "watching", ...place, replayed, ...(reset && { reset }) };
  }

  #tellReset(watcher: Watcher, reason: ResetReason): void {
    const { head } = this.#parts.log;
    watcher.told = head.position;
    this.hand(watcher, () => {
      watcher.subscriber.reset({ reason, cursor: encodeCursor(head) });
    });
  }

  #refuse(watcher: Watcher): void {
    this.#end(watcher, { kind: "unavailable" });
  }

  #end(watcher: Watcher, outcome: WatchOutcome): void {
    if (watcher.phase === "ended") return;
    const wasLive = watcher.phase === "live";
    watcher.phase = "ended";
    const { rooms, backlogs, catchUp } = this.#parts;
    if (wasLive) {
      this.#guard("a subscriber failed to leave", () => {
        rooms.leave(watcher);
      });
    }
    catchUp().forget(watcher);
    backlogs.remove(watcher);
    if (this.#watchers.get(watcher.subscriber) === watcher) this.#watchers.delete(watcher.subscriber);
    this.#settle(watcher, outcome);
  }

  #settle(watcher: Watcher, outcome: WatchOutcome): void {
    const pending = this.#pending.get(watcher);
    if (!pending) return;
    this.#pending.delete(watcher);
    this.#guard("the answer to a watch failed", () => {
      pending.done(outcome);
    });
  }

  #guard(what: string, run: () => void): boolean {
    try {
      run();
      return true;
    } catch (error) {
      this.#parts.observer.fault(what, error);
      return false;
    }
  }
}
