import type { Status } from "@live-orders/protocol/status";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { RelayLimits } from "../relay-limits.ts";
import type { ReadOutcome } from "../reads.ts";
import { positionOf } from "./fake-database.ts";
import type { FakeSubscriber } from "./fake-subscriber.ts";
import { FeedOracle, type WatchRecord } from "./feed-oracle.ts";
import { RelayWorld } from "./relay-world.ts";

/** Where a reader's cursor comes from. */
export type CursorChoice = "none" | "told" | "now" | "future" | "foreign" | { readonly at: number };

/** One thing that happens. Indices are taken modulo what there is. */
export type Step =
  | { readonly do: "commit"; readonly before: Status | null; readonly after: Status | null }
  | { readonly do: "burst"; readonly count: number; readonly status: Status }
  | { readonly do: "tick" }
  | { readonly do: "tell"; readonly share: number }
  | { readonly do: "watch"; readonly statuses: readonly Status[]; readonly cursor: CursorChoice }
  | {
      readonly do: "again";
      readonly reader: number;
      readonly statuses: readonly Status[];
      readonly cursor: CursorChoice;
    }
  | { readonly do: "unwatch" | "stick" | "drain" | "free"; readonly reader: number }
  | {
      readonly do: "read";
      readonly statuses: readonly Status[];
      readonly cursor: CursorChoice;
      readonly limit: number;
      readonly waitMs: number;
    }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "forget"; readonly rung: "history" | "database"; readonly share: number }
  | { readonly do: "restart"; readonly reason: "history-lost" | "collection-gone" }
  | { readonly do: "clock"; readonly state: "away" | "hangs" | "well" }
  | {
      readonly do: "rung";
      readonly rung: "history" | "database";
      readonly state: "fails" | "hangs" | "well";
    };

/** Small, so that a short run meets every bound. */
export const SMALL_LIMITS: Partial<RelayLimits> = {
  logChanges: 6,
  pageChanges: 3,
  pageBytes: 4_000,
  lowWaterBytes: 1_000,
  backlogBytes: 3_000,
  totalBacklogBytes: 200_000,
  drainMs: 20_000,
  drainPollMs: 200,
};

interface Connection {
  readonly reader: FakeSubscriber;
  readonly watches: WatchRecord[];
  /** What it was handed before its present watch. */
  before: number;
  isWatching: boolean;
  hasBeenStuck: boolean;
}

interface Read {
  readonly statuses: readonly Status[];
  readonly after: CursorParts | null;
  readonly limit: number;
  readonly waitMs: number;
  readonly committed: string;
  readonly reading: { readonly outcome: ReadOutcome | null };
}

/** A relay, its database and its readers, driven step by step, and judged after each step and at the end. */
export class FeedSimulation {
  readonly world = new RelayWorld(SMALL_LIMITS);
  readonly #oracle = new FeedOracle(this.world.db);
  readonly #connections: Connection[] = [];
  readonly #reads: Read[] = [];
  #generations = 1;
  #restarts = 0;
  #hadTrouble = false;

  async run(steps: readonly Step[]): Promise<void> {
    await this.world.open();
    for (const step of steps) {
      await this.#take(step);
      await this.world.timers.settle();
      this.#judgeBounds();
      for (const connection of this.#connections) this.#judge(connection);
    }
    await this.#heal();
    for (const connection of this.#connections) this.#judgeEnd(connection);
    for (const read of this.#reads) this.#judgeRead(read);
  }

  async #take(step: Step): Promise<void> {
    const { db, timers } = this.world;
    switch (step.do) {
      case "commit":
        if (step.before !== null || step.after !== null) db.commit(step.before, step.after);
        return;
      case "burst":
        for (let count = 0; count < step.count; count += 1) db.commit(null, step.status);
        return db.tell();
      case "tick":
        return db.tick();
      case "tell":
        return this.#tell(step.share);
      case "watch":
        return this.#watch(this.#connect(), step.statuses, step.cursor);
      case "again":
        return this.#with(step.reader, (it) => this.#watch(it, step.statuses, step.cursor));
      case "unwatch":
        return this.#with(step.reader, (it) => this.#unwatch(it));
      case "stick":
        return this.#with(step.reader, (it) => (it.reader.isStuck = it.hasBeenStuck = true));
      case "drain":
        return this.#with(step.reader, ({ reader }) => reader.drain(2_000));
      case "free":
        return this.#with(step.reader, ({ reader }) => this.#free(reader));
      case "read":
        return this.#read(step);
      case "pass":
        return timers.pass(step.ms);
      case "forget":
        return this.#forget(step.rung, step.share);
      case "restart":
        return this.#restart(step.reason);
      case "clock":
        return this.#clock(step.state);
      case "rung":
        return this.#rung(step.rung, step.state);
    }
  }

  #with(index: number, act: (connection: Connection) => void): void {
    const connection = this.#connections[index % Math.max(1, this.#connections.length)];
    if (connection) act(connection);
  }

  #tell(share: number): void {
    const { db } = this.world;
    const from = Number(db.told);
    const to = Number(db.position);
    db.tell(positionOf(from + Math.round((to - from) * share)));
  }

  #connect(): Connection {
    const outlet = this.#connections.length % 3 === 0 ? this.world.streams : this.world.sockets;
    const reader = this.world.subscriber(outlet);
    const connection = { reader, watches: [], before: 0, isWatching: false, hasBeenStuck: false };
    this.#connections.push(connection);
    return connection;
  }

  #watch(connection: Connection, statuses: readonly Status[], cursor: CursorChoice): void {
    if (connection.reader.closed) return;
    const after = this.#cursor(cursor);
    const { reader } = connection;
    this.#unwatch(connection);
    connection.before = reader.handed.length;
    connection.isWatching = true;
    this.world.relay.watch(reader, { statuses, ...(after && { after }) }, reader.done);
    const { position: committed, told } = this.world.db;
    connection.watches.push({ statuses, after, committed, told, handed: [] });
  }

  #unwatch(connection: Connection): void {
    this.world.relay.unwatch(connection.reader);
    if (connection.isWatching) this.#judge(connection);
    connection.isWatching = false;
    connection.before = connection.reader.handed.length;
  }

  #free(reader: FakeSubscriber): void {
    reader.isStuck = false;
    reader.drain();
  }

  #read({ statuses, cursor, limit, waitMs }: Extract<Step, { do: "read" }>): void {
    const after = this.#cursor(cursor);
    const committed = this.world.db.position;
    const reading = this.world.read({ statuses, after, limit, waitMs });
    this.#reads.push({ statuses, after, limit, waitMs, committed, reading });
  }

  #forget(rung: "history" | "database", share: number): void {
    const { db } = this.world;
    const floor = positionOf(Math.round(Number(db.position) * share));
    if (rung === "history") db.historyFloor = later(db.historyFloor, floor);
    else db.databaseFloor = later(db.databaseFloor, floor);
  }

  #restart(reason: "history-lost" | "collection-gone"): void {
    this.#restarts += 1;
    if (reason === "collection-gone") this.#generations += 1;
    this.world.db.restart(reason, `generation-${this.#generations}`);
  }

  #clock(state: "away" | "hangs" | "well"): void {
    const { db } = this.world;
    if (state !== "well") this.#hadTrouble = true;
    db.isAway = state === "away";
    db.clockGate = state === "hangs" ? this.#hang() : null;
    if (state !== "hangs") this.#release();
  }

  #rung(rung: "history" | "database", state: "fails" | "hangs" | "well"): void {
    const history = this.world.db[rung];
    if (state !== "well") this.#hadTrouble = true;
    history.failure = state === "fails" ? new Error("broken") : null;
    history.gate = state === "hangs" ? this.#hang() : null;
    if (state !== "hangs") this.#release();
  }

  readonly #releases: (() => void)[] = [];

  #hang(): Promise<void> {
    return new Promise((resolve) => this.#releases.push(resolve));
  }

  #release(): void {
    for (const release of this.#releases.splice(0)) release();
  }

  #cursor(choice: CursorChoice): CursorParts | null {
    const { db } = this.world;
    if (choice === "none") return null;
    if (choice === "now") return db.at;
    if (choice === "told") return { generation: db.generation, position: db.told };
    if (choice === "future") return { generation: db.generation, position: positionOf(9_999_999) };
    if (choice === "foreign") return { generation: "foreign", position: db.position };
    const position = positionOf(Math.max(1, Math.round(Number(db.position) * choice.at)));
    return { generation: db.generation, position };
  }

  /** All that was wrong is well again, and time passes. */
  async #heal(): Promise<void> {
    const { db, timers } = this.world;
    db.isAway = false;
    db.clockGate = db.history.gate = db.database.gate = db.history.failure = db.database.failure = null;
    this.#release();
    for (const { reader } of this.#connections) this.#free(reader);
    for (let second = 0; second < 40; second += 1) {
      db.tell();
      await timers.pass(1_000);
    }
  }

  #judgeBounds(): void {
    const { db, relay } = this.world;
    const size = relay.stats().log.changes;
    if (size > 6) throw new Error(`${size} changes in the log`);
    if (db.history.open + db.database.open > 1) throw new Error("two streams of history at once");
    if (db.mostClockReads > 2) throw new Error(`${db.mostClockReads} looks at the clock at once`);
    const waiting = this.#connections.reduce((sum, { reader }) => sum + reader.backlogBytes(), 0);
    if (waiting > 200_000) throw new Error(`${waiting} bytes wait`);
    for (const { reader } of this.#connections) {
      if (reader.rooms.size > 1) throw new Error("in two rooms");
      // The bound, what comes between two looks, and a page.
      if (reader.backlogBytes() > 12_000) throw new Error(`${reader.backlogBytes()} bytes wait for one`);
    }
  }

  #judge({ reader, watches, before, isWatching }: Connection): CursorParts | null {
    const handed = reader.handed.slice(before);
    const watch = watches.at(-1);
    if (!isWatching || !watch) {
      if (handed.length > 0) throw new Error("something follows an unwatch");
      return null;
    }
    const place = this.#oracle.judge({ ...watch, handed });
    const resets = handed.filter(
      (item) => item.kind === "reset" || (item.kind === "outcome" && isReset(item)),
    );
    if (resets.length > 0) this.#judgeReset(watch, resets.length);
    return place;
  }

  /** A reset must have a reason: the source's, a cursor that was never given, or a history that is gone. */
  #judgeReset({ after }: WatchRecord, resets: number): void {
    const { db } = this.world;
    if (this.#restarts > 0) return;
    if (resets > 1 || !after) throw new Error("a reset without a reason");
    if (after.generation !== db.generation || after.position > db.position) return;
    if (after.position < db.historyFloor && after.position < db.databaseFloor) return;
    // A slow reader may have been left behind, and its history lost since.
    throw new Error(`a reset at ${after.position}, which could be read`);
  }

  #judgeEnd(connection: Connection): void {
    const { reader, isWatching, hasBeenStuck } = connection;
    const place = this.#judge(connection);
    if (!isWatching) return;
    const outcome = reader.handed.slice(connection.before).find((item) => item.kind === "outcome");
    if (!outcome) throw new Error("a watch without an outcome");
    if (reader.closed === "slow") {
      if (!hasBeenStuck) throw new Error("closed as slow, and was not");
    } else if (reader.closed || outcome.outcome.kind === "unavailable") {
      if (!this.#hadTrouble) throw new Error("unavailable without a reason");
    } else if (place?.position !== this.world.db.position) {
      throw new Error(`ends at ${place?.position}, the feed at ${this.world.db.position}`);
    } else if (reader.rooms.size !== 1) {
      throw new Error("watches, but is not live");
    }
  }

  #judgeRead({ statuses, after, limit, waitMs, committed, reading: { outcome } }: Read): void {
    const { db } = this.world;
    if (!outcome) throw new Error("a read without an outcome");
    if (outcome.kind === "unavailable") {
      if (!this.#hadTrouble && this.#restarts === 0 && waitMs > 0) throw new Error("a read was unavailable");
    } else if (outcome.kind === "lost") {
      if (this.#restarts > 0 || !after || after.generation !== db.generation) return;
      const isGone = after.position < db.historyFloor && after.position < db.databaseFloor;
      if (!isGone && after.position <= db.position) throw new Error("a read was lost without a reason");
    } else {
      const { changes, position } = outcome.batch.decode();
      if (changes.length > limit) throw new Error("over the limit");
      if (after === null && position < committed) throw new Error("a cursor from before the read");
      if (after === null) return;
      if (position < after.position) throw new Error("a read went back");
      if (waitMs === 0 && changes.length === 0 && position < committed) throw new Error("an incomplete read");
      const expected = this.#oracle.between(statuses, after, position).map((change) => change.position);
      const got = changes.map((change) => change.position);
      if (expected.join() !== got.join()) throw new Error(`read [${got.join()}], not [${expected.join()}]`);
    }
  }
}

const later = (a: string, b: string): string => (a < b ? b : a);

const isReset = (item: { readonly kind: "outcome"; readonly outcome: object }): boolean =>
  "reset" in item.outcome;
