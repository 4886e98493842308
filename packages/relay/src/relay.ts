import type { ChangeHistory } from "@live-orders/store/change-history";
import type { ChangeSource } from "@live-orders/store/change-source";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { AdmissionDesk } from "./admission.ts";
import { Backlogs } from "./backlogs.ts";
import { CatchUp } from "./catch-up.ts";
import { ChangeLog } from "./change-log.ts";
import { DatabaseClock } from "./database-clock.ts";
import { FeedHealth, type RelayHealth } from "./feed-health.ts";
import { Feed } from "./feed.ts";
import { HeadGate } from "./head-gate.ts";
import type { Run } from "./log-entry.ts";
import { LogPager } from "./log-pager.ts";
import { Reads, type ReadOutcome, type ReadRequest } from "./reads.ts";
import { DEFAULT_LIMITS, type RelayLimits } from "./relay-limits.ts";
import { silentObserver, type RelayObserver } from "./relay-observer.ts";
import { Rooms, type RoomStats } from "./rooms.ts";
import { SharedReplay } from "./shared-replay.ts";
import type { Subscriber } from "./subscriber.ts";
import { Sweep } from "./sweep.ts";
import type { Timers } from "./timers.ts";
import { Watches, type WatchOutcome, type WatchRequest } from "./watches.ts";
import { within } from "./within.ts";

export interface RelayParts {
  readonly source: ChangeSource;
  /** The rungs of the catch-up ladder below RAM, from the first to be tried on. */
  readonly histories: readonly ChangeHistory[];
  /** The database's clock, as `OrderStore.now`. A rejection counts as: the database is away. */
  readonly now: () => Promise<CursorParts>;
  readonly timers: Timers;
  /** Default: `DEFAULT_LIMITS`. */
  readonly limits?: Partial<RelayLimits>;
  /** Default: nobody listens. */
  readonly observer?: RelayObserver;
}

export interface Relay {
  /** Starts to read the source. To be called once. */
  start(): void;
  /** Ends the source's stream, all watches (`unavailable`), all reads, and closes every subscriber (`shutdown`). */
  stop(): Promise<void>;
  /** How far the feed has got; null until the source has opened. */
  readonly head: CursorParts | null;
  /** The newest change in the log in RAM; null if there is none. */
  readonly newestChange: Position | null;
  /** The head's position, if the log in RAM shows that no change stands between it and `position`; else null. */
  unchangedSince(position: Position): Position | null;
  /** Cheap, and true at the moment of the call. */
  health(): RelayHealth;
  /** For gauges; cheap enough for each scrape. */
  stats(): RelayStats;
  /**
   * Starts a watch, which takes the place of the subscriber's former one. `done` is called once, never from within this
   * call, and in order with what the subscriber is handed: what comes before it was missed, what comes after it is live.
   * That is why it is a callback and no promise: a promise's reader could run after the next live batch.
   */
  watch(subscriber: Subscriber, want: WatchRequest, done: (outcome: WatchOutcome) => void): void;
  /**
   * Ends what the subscriber watches or is about to watch (whose outcome is `replaced`, given from within this call).
   * Nothing of it follows. To be called when a connection ends, too.
   */
  unwatch(subscriber: Subscriber): void;
  /** One answer of `GET /api/changes`. Never rejects. */
  read(want: ReadRequest): Promise<ReadOutcome>;
}

export interface RelayStats {
  readonly log: { readonly changes: number; readonly bytes: number };
  /** Live readers; rooms without any are left out. */
  readonly rooms: readonly RoomStats[];
  /** Readers that are not live: catching up, draining, or waiting for the head to reach their cursor. */
  readonly behind: number;
  /** Reads that wait for something to come, or for a replay. */
  readonly waitingReads: number;
  /** Streams of history open: 0 or 1. */
  readonly replayStreams: 0 | 1;
  /** All backlogs together, as last looked at. */
  readonly backlogBytes: number;
}

/** How long `stop` waits for the source to let go. */
const STOP_MS = 5_000;

export const createRelay = (parts: RelayParts): Relay => new OrderRelay(parts);

/** Joins the parts. See `CatchUp` for how nothing is lost or doubled, and SPEC.md for the rules. */
class OrderRelay implements Relay {
  readonly #timers: Timers;
  readonly #log: ChangeLog;
  readonly #gate: HeadGate;
  readonly #backlogs: Backlogs;
  readonly #rooms: Rooms;
  readonly #replay: SharedReplay;
  readonly #reads: Reads;
  readonly #watches: Watches;
  readonly #catchUp: CatchUp;
  readonly #sweep: Sweep;
  readonly #health: FeedHealth;
  readonly #feed: Feed;
  #running: Promise<void> = Promise.resolve();

  constructor({ source, histories, now, timers, observer = silentObserver, ...given }: RelayParts) {
    const limits: RelayLimits = { ...DEFAULT_LIMITS, ...given.limits };
    const log = new ChangeLog(limits);
    const common = { timers, limits, observer, log };
    const gate = new HeadGate(log, timers);
    const backlogs = new Backlogs(limits, observer);
    const clock = new DatabaseClock(now, timers, limits.clockMs);
    const desk = new AdmissionDesk({ ...common, clock, gate });
    const rooms = new Rooms(common);
    const replay = new SharedReplay({ ...common, histories, backlogs });
    const catchUp = (): CatchUp => this.#catchUp;
    const watches = new Watches({ ...common, rooms, backlogs, gate, desk, catchUp });
    const pager = new LogPager(log, limits);
    this.#timers = timers;
    this.#log = log;
    this.#gate = gate;
    this.#backlogs = backlogs;
    this.#rooms = rooms;
    this.#replay = replay;
    this.#watches = watches;
    this.#reads = new Reads({ ...common, gate, desk, replay });
    this.#catchUp = new CatchUp({ ...common, pager, rooms, backlogs, replay, watches });
    this.#sweep = new Sweep({ ...common, backlogs, catchUp: this.#catchUp, watches });
    this.#health = new FeedHealth(timers, limits.staleMs);
    this.#feed = new Feed({ ...common, source, health: this.#health, backlogs, readers: this });
  }

  start(): void {
    this.#running = this.#feed.run();
  }

  async stop(): Promise<void> {
    this.#feed.stop();
    this.#gate.shut();
    this.#reads.stop();
    this.#watches.closeAll("shutdown");
    this.#replay.stop();
    this.#catchUp.stop();
    this.#rooms.stop();
    await within(this.#timers, STOP_MS, this.#running);
  }

  get head(): CursorParts | null {
    return this.#log.isOpen ? this.#log.head : null;
  }

  get newestChange(): Position | null {
    return this.#log.newest;
  }

  unchangedSince(position: Position): Position | null {
    const { head } = this;
    if (head === null || !this.#log.reaches({ ...head, position })) return null;
    return position <= head.position && this.#log.firstAfter(position) === this.#log.end
      ? head.position
      : null;
  }

  health(): RelayHealth {
    return this.#health.health(this.head);
  }

  stats(): RelayStats {
    return {
      log: this.#log.size,
      rooms: this.#rooms.stats(),
      behind: this.#catchUp.size,
      waitingReads: this.#reads.waiting + this.#reads.replaying,
      replayStreams: this.#replay.isOpen ? 1 : 0,
      backlogBytes: this.#backlogs.total,
    };
  }

  watch(subscriber: Subscriber, want: WatchRequest, done: (outcome: WatchOutcome) => void): void {
    this.#watches.watch(subscriber, want, done);
  }

  unwatch(subscriber: Subscriber): void {
    this.#watches.unwatch(subscriber);
  }

  read(want: ReadRequest): Promise<ReadOutcome> {
    return this.#reads.read(want);
  }

  /** The log has grown by this run. All in one turn: nobody is handed the next run before everybody knows of this. */
  moved({ entries, bytes, upTo }: Run): void {
    this.#sweep.before(bytes);
    this.#rooms.broadcast(entries, upTo);
    this.#catchUp.headMoved();
    this.#reads.headMoved(entries);
    this.#gate.headMoved();
  }

  /** The log has started afresh at `at`. */
  restarted(at: CursorParts, reason: ResetReason): void {
    this.#rooms.restart(at);
    this.#watches.restart(at, reason);
    this.#replay.restart(at, reason);
    this.#catchUp.headMoved();
    this.#reads.restart();
    this.#gate.headMoved();
  }
}
