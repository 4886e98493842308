import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Backlogs } from "./backlogs.ts";
import type { ChangeLog } from "./change-log.ts";
import type { EncodedBatch } from "./encoded-batch.ts";
import { batchOf } from "./log-entry.ts";
import type { LogPager } from "./log-pager.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { CloseReason, Rung } from "./relay-observer.ts";
import type { Rooms } from "./rooms.ts";
import type { ReplayPage, ReplayReader, SharedReplay } from "./shared-replay.ts";
import type { Cancel, Timers } from "./timers.ts";
import type { Watcher } from "./watcher.ts";

/** Who is told what becomes of a watcher. */
export interface WatchKeeper {
  /** It is live: it has been handed everything up to the head, and is in its room. */
  live(watcher: Watcher): void;
  /** Nothing reaches back to its place. */
  lost(watcher: Watcher, reason: ResetReason): void;
  close(watcher: Watcher, why: CloseReason): void;
  /** Calls the subscriber, and closes it if it throws. */
  hand(watcher: Watcher, what: () => void): void;
}

interface CatchUpParts {
  readonly log: ChangeLog;
  readonly pager: LogPager;
  readonly rooms: Rooms;
  readonly backlogs: Backlogs;
  readonly replay: SharedReplay;
  readonly timers: Timers;
  readonly limits: RelayLimits;
  readonly watches: WatchKeeper;
}

/** Pages handed to one reader before the others have their turn. */
const PAGES_A_TURN = 4;

/**
 * Brings each reader from its place to the head, and into its room.
 *
 *                       ┌────────────── place past the head: waits until the head has got there (`ahead`)
 *                       │ ┌──────────── too much waits for its network: drains (`draining`)
 *     follow ──► advance┼─┤
 *                  ▲    │ └─ else: the log in RAM reaches its place? ──no──► the shared replay ──┐
 *                  │    └──────────────────────────────┬── yes: a page ──┐                       │
 *                  └──────────────────────────────────── not at the head ┘                       │
 *                  ▲                                     at the head: joins its room, live       │
 *                  └─────────────────────────────────────────────────────────────────────────────┘
 *
 * No gap and no double, because of two things. A watcher has one place, and everything that it is handed moves it: a
 * page holds what comes after the place and nothing else, from wherever it was read. And the last look at the log and
 * the joining of the room happen in one turn of the event loop, in which no batch of the source can come between: at
 * that moment the place is the head, and the room's next broadcast begins where the place ends.
 *
 * Joining first and replaying beside it, with what is live held back, was the other way. It needs a buffer for each
 * reader, which must be bounded, and a rule for what overlaps; a place needs neither.
 */
export class CatchUp {
  readonly #parts: CatchUpParts;
  readonly #ahead = new Set<Watcher>();
  /** With the time since when it has been held up by its own backlog. */
  readonly #draining = new Map<Watcher, number>();
  readonly #replaying = new Map<Watcher, ReplayReader>();
  #cancelPoll: Cancel | null = null;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /** How many readers are on their way. */
  get size(): number {
    return this.#ahead.size + this.#draining.size + this.#replaying.size;
  }

  /** The watcher has seen everything up to `at`, which is of the feed's generation. */
  follow(watcher: Watcher, at: CursorParts): void {
    watcher.phase = "behind";
    watcher.place = at;
    watcher.heardMs = this.#parts.timers.nowMs();
    this.#advance(watcher);
  }

  /** A live watcher does not keep up: it goes on from its own place when it has drained. */
  evict(watcher: Watcher): void {
    this.#parts.watches.hand(watcher, () => {
      this.#parts.rooms.leave(watcher);
    });
    if (watcher.is("live")) this.follow(watcher, watcher.place);
  }

  /** Whether the watcher only waits for this node's head to get to its place. */
  isAhead(watcher: Watcher): boolean {
    return this.#ahead.has(watcher);
  }

  /** To be called when the head has moved and the rooms have been told. */
  headMoved(): void {
    for (const watcher of [...this.#ahead]) {
      if (this.#isPastHead(watcher)) continue;
      this.#ahead.delete(watcher);
      this.#advance(watcher);
    }
  }

  /** The watcher goes its own way from here on. */
  forget(watcher: Watcher): void {
    this.#ahead.delete(watcher);
    this.#draining.delete(watcher);
    const reader = this.#replaying.get(watcher);
    if (!reader) return;
    this.#replaying.delete(watcher);
    this.#parts.replay.remove(reader);
  }

  stop(): void {
    this.#cancelPoll?.();
    this.#cancelPoll = null;
  }

  #isPastHead(watcher: Watcher): boolean {
    return watcher.place.position > this.#parts.log.head.position;
  }

  #mayTake(watcher: Watcher): boolean {
    const { backlogs, limits } = this.#parts;
    return backlogs.look(watcher) <= limits.lowWaterBytes && !backlogs.isCrowded;
  }

  #advance(watcher: Watcher): void {
    for (let pages = 0; pages < PAGES_A_TURN; pages += 1) {
      if (!watcher.is("behind")) return;
      if (this.#isPastHead(watcher)) return void this.#ahead.add(watcher);
      if (!this.#mayTake(watcher)) break;
      if (!this.#parts.log.reaches(watcher.place)) return this.#awaitReplay(watcher);
      const page = this.#parts.pager.page(watcher.place, watcher);
      this.#handOver(watcher, "memory", page, page.upTo);
      if (page.reachesHead) return this.#join(watcher);
    }
    if (watcher.is("behind")) this.#drain(watcher);
  }

  #handOver(
    watcher: Watcher,
    rung: Rung,
    page: { readonly batch: EncodedBatch | null; readonly changes: number } | null,
    upTo: CursorParts,
  ): void {
    const changes = page?.changes ?? 0;
    watcher.replayed += changes;
    watcher.caughtUp ??= new Map();
    watcher.caughtUp.set(rung, (watcher.caughtUp.get(rung) ?? 0) + changes);
    watcher.place = upTo;
    const batch = page?.batch ?? this.#markFor(watcher);
    if (batch) this.#send(watcher, batch);
  }

  /** A long way through changes that it does not see must not leave an answered watcher without a word. */
  #markFor(watcher: Watcher): EncodedBatch | null {
    const { timers, limits } = this.#parts;
    const isDue = watcher.told !== "" && timers.nowMs() - watcher.heardMs >= limits.markMs;
    return isDue && watcher.place.position > watcher.told ? batchOf([], watcher.place) : null;
  }

  #send(watcher: Watcher, batch: EncodedBatch): void {
    watcher.heardMs = this.#parts.timers.nowMs();
    if (watcher.told !== "") watcher.told = batch.position;
    this.#parts.watches.hand(watcher, () => {
      watcher.subscriber.send(batch);
    });
  }

  #join(watcher: Watcher): void {
    if (!watcher.is("behind")) return;
    // Who has had its answer and saw nothing on the way still learns how far it has got.
    const isBehindHead = watcher.told !== "" && watcher.told < watcher.place.position;
    if (isBehindHead) this.#send(watcher, batchOf([], watcher.place));
    if (!watcher.is("behind")) return;
    watcher.phase = "live";
    this.#parts.watches.hand(watcher, () => {
      this.#parts.rooms.join(watcher);
    });
    if (watcher.is("live")) this.#parts.watches.live(watcher);
  }

  #drain(watcher: Watcher): void {
    this.#draining.set(watcher, this.#parts.timers.nowMs());
    this.#pollLater();
  }

  /** One timer for all who drain, and none when nobody does. */
  #pollLater(): void {
    this.#cancelPoll ??= this.#parts.timers.after(this.#parts.limits.drainPollMs, () => {
      this.#cancelPoll = null;
      this.#poll();
      if (this.#draining.size > 0) this.#pollLater();
    });
  }

  #poll(): void {
    const { backlogs, limits, timers, watches } = this.#parts;
    if (backlogs.isCrowded) backlogs.lookAtAll();
    for (const [watcher, since] of [...this.#draining]) {
      if (!this.#draining.has(watcher)) continue;
      if (this.#mayTake(watcher)) {
        this.#draining.delete(watcher);
        this.#advance(watcher);
      } else if (watcher.backlog <= limits.lowWaterBytes) {
        this.#draining.set(watcher, timers.nowMs());
      } else if (timers.nowMs() - since >= limits.drainMs) {
        watches.close(watcher, "slow");
      }
    }
  }

  #awaitReplay(watcher: Watcher): void {
    const reader = this.#readerFor(watcher);
    this.#replaying.set(watcher, reader);
    if (this.#parts.replay.add(reader)) return;
    this.#replaying.delete(watcher);
    this.#parts.watches.close(watcher, "unavailable");
  }

  #readerFor(watcher: Watcher): ReplayReader {
    const leave = (): void => {
      this.#replaying.delete(watcher);
    };
    return {
      filter: watcher,
      get place() {
        return watcher.place;
      },
      offer: (page) => this.#offer(watcher, page),
      onward: () => {
        leave();
        this.#advance(watcher);
      },
      lost: (reason) => {
        leave();
        this.#parts.watches.lost(watcher, reason);
      },
      failed: () => {
        leave();
        this.#parts.watches.close(watcher, "unavailable");
      },
    };
  }

  /** A reader rides on until the log in RAM reaches its place, or its network cannot keep up. */
  #offer(watcher: Watcher, page: ReplayPage): boolean {
    const { backlogs, limits, log } = this.#parts;
    this.#handOver(watcher, page.rung, page.batchFor(watcher, watcher.place), page.upTo);
    if (!watcher.is("behind")) return false;
    const isSlow = backlogs.look(watcher) > limits.backlogBytes || backlogs.isCrowded;
    return !isSlow && !log.reaches(watcher.place);
  }
}
