import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { ArchiveLease, ChangeArchive, Pruned } from "@live-orders/store/change-archive";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { Timestamp, type Db } from "mongodb";
import { z } from "zod";
import {
  type ArchiveState,
  beginSpan,
  moveBeginning,
  moveEnd,
  releaseLease,
  removeUnleasedState,
  renewLease,
  takeLease,
  vacateLease,
} from "./archive-state.ts";
import { addRows, hasRows, removeRows, setUpRows } from "./archived-changes.ts";
import { answerInTime, type Deadline } from "./deadline.ts";
import { completeAt, positionOf } from "./mongo-position.ts";

export interface MongoArchiveOptions {
  /** How long a change is kept; at least 1. */
  readonly historyDays: number;
  /** Default 10,000. */
  readonly leaseMs?: number;
}

const LEASE_MS = 10_000;
const DAY_S = 24 * 60 * 60;
const helloSchema = z.object({ localTime: z.date() });
/** Rows that one call takes away. */
const PRUNED_ROWS = 5_000;

/**
 * The durable history in `order_changes`. Rows first, then the end is moved, and a beginning before the rows go: what
 * stands between `from` and `recordedTo` is whole at every moment, whoever dies.
 *
 * Nodes are told apart by the lease alone, which moves the two ends; rows need no guard, for a row says the same
 * whoever wrote it. There is no TTL index: it would take rows away that the history still speaks for.
 */
export class MongoChangeArchive implements ChangeArchive {
  readonly leaseMs: number;
  readonly #db: Db;
  readonly #historyDays: number;

  constructor(db: Db, { historyDays, leaseMs = LEASE_MS }: MongoArchiveOptions) {
    this.#db = db;
    this.#historyDays = historyDays;
    this.leaseMs = leaseMs;
  }

  async acquire(unrecorded: Position | null): Promise<ArchiveLease | null> {
    const owner = randomUUID();
    const state = await answerInTime(() => takeLease(this.#db, owner, this.leaseMs, unrecorded));
    if (state === null) return null;
    await answerInTime(() => setUpRows(this.#db));
    return new MongoArchiveLease(this.#db, owner, this.leaseMs, this.#historyDays, state);
  }
}

class MongoArchiveLease implements ArchiveLease {
  readonly recordedTo: CursorParts | null;
  readonly #db: Db;
  readonly #owner: string;
  readonly #leaseMs: number;
  readonly #historyDays: number;
  #end: CursorParts | null;

  constructor(db: Db, owner: string, leaseMs: number, historyDays: number, { span }: ArchiveState) {
    this.#db = db;
    this.#owner = owner;
    this.#leaseMs = leaseMs;
    this.#historyDays = historyDays;
    this.recordedTo = span && { generation: span.generation, position: span.recordedTo };
    this.#end = this.recordedTo;
  }

  renew(at: CursorParts | null): Promise<Position | null> {
    return answerInTime(async () => {
      const time = await renewLease(this.#db, this.#owner, this.#leaseMs, at);
      return time && positionOf(completeAt(time));
    });
  }

  async begin(at: CursorParts, gap: ResetReason | null): Promise<boolean> {
    const lost = gap === null ? null : { reason: gap, after: this.#end?.position ?? null };
    const held = await answerInTime(() => beginSpan(this.#db, this.#owner, at, lost));
    if (held) this.#end = at;
    return held;
  }

  async append(changes: readonly Change[], at: CursorParts): Promise<boolean> {
    if (this.#end?.generation !== at.generation) throw new TypeError("appended to another history");
    await answerInTime(() => addRows(this.#db, at.generation, changes));
    const held = await answerInTime(() => moveEnd(this.#db, this.#owner, at.position));
    if (held) this.#end = at;
    return held;
  }

  prune(): Promise<Pruned> {
    return answerInTime(async (deadline) => {
      const oldestKept = await this.#oldestKept();
      if (!(await hasRows(this.#db, oldestKept, deadline))) return "done";
      if ((await this.renew(null)) === null) return "not-held";
      return this.#pruneUpTo(oldestKept, deadline);
    });
  }

  release(at: CursorParts | null): Promise<void> {
    return answerInTime(() => releaseLease(this.#db, this.#owner, at));
  }

  /** Before all changes of a second: so no transaction is cut. */
  async #oldestKept(): Promise<Position> {
    const { localTime } = helloSchema.parse(await this.#db.command({ hello: 1 }));
    const nowSeconds = Math.floor(localTime.getTime() / 1000);
    const seconds = Math.max(0, nowSeconds - this.#historyDays * DAY_S);
    return positionOf(completeAt(new Timestamp({ t: seconds, i: 0 })));
  }

  async #pruneUpTo(position: Position, deadline: Deadline): Promise<Pruned> {
    if (this.#end !== null && !(await moveBeginning(this.#db, this.#owner, position))) return "not-held";
    const removed = await removeRows(this.#db, position, PRUNED_ROWS, deadline);
    return removed < PRUNED_ROWS ? "done" : "more";
  }
}

/**
 * With `HISTORY_DAYS=0`: takes away what an earlier setting has kept, unless a node still records. One that has had nothing
 * to record has a lease that is over, and some time to say that it lives.
 */
export async function removeArchive(db: Db, leaseMs = LEASE_MS): Promise<void> {
  if (await answerInTime(() => vacateLease(db))) await delay(leaseMs, undefined, { ref: false });
  if (!(await answerInTime(() => removeUnleasedState(db)))) return;
  const all = positionOf(completeAt(new Timestamp({ t: 0xffffffff, i: 0xffffffff })));
  for (let removed = PRUNED_ROWS; removed === PRUNED_ROWS;) {
    removed = await answerInTime((deadline) => removeRows(db, all, PRUNED_ROWS, deadline));
  }
}
