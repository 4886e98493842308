import { StoreUnavailableError, type WriteAnswer, type WriteRequest } from "@live-orders/store/order-store";
import { planWrites, type PlannedWrite } from "@live-orders/store/write-plan";
import {
  ReadConcern,
  type AnyBulkWriteOperation,
  type ClientSession,
  type Timestamp,
  type TransactionOptions,
} from "mongodb";
import { findCommitTime } from "./commit-time.ts";
import type { CommitWatch } from "./commit-watch.ts";
import type { Deadline } from "./deadline.ts";
import type { IdCounter } from "./id-counter.ts";
import { placed, type IdempotencyKeys, type KeptResult } from "./idempotency-keys.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import { completeAt, positionOf } from "./mongo-position.ts";
import { fieldsOf } from "./order-image.ts";
import { ORDERS, type OrderDocument } from "./order-model.ts";
import type { OrdersHome } from "./orders-home.ts";
import { readRowsAndClock } from "./row-reading.ts";
import { CODE, codeOf, isTransient, isUnknownCommit, mayPass } from "./server-error.ts";
import { createsIn, isAsPlanned, namedIds, placeResults, type PlacedRows } from "./write-results.ts";

export interface WriterParts {
  readonly home: OrdersHome;
  readonly ids: IdCounter;
  readonly keys: IdempotencyKeys;
  readonly kept: KeptAnswers;
  readonly commits: CommitWatch;
}

const TRANSACTION: TransactionOptions = {
  readConcern: { level: "snapshot" },
  writeConcern: { w: "majority", journal: true, wtimeoutMS: 4000 },
  readPreference: "primary",
};

/** One that sees the rows as of `time`; what it writes must not have been written by others since. */
const transactionAt = (atClusterTime: Timestamp): TransactionOptions => ({
  ...TRANSACTION,
  // An instance: the driver passes it on as it is.
  readConcern: Object.assign(new ReadConcern("snapshot"), { atClusterTime }),
});

/** Nothing was written; the same again may succeed. `exact`: only with rows whose position is known. */
interface Again {
  readonly kind: "again";
  readonly exact: boolean;
}

const again: Again = { kind: "again", exact: false };

/** What one try leaves to the next. */
interface Effort {
  exact: boolean;
  newIds: readonly number[] | null;
}

/** What a transaction is about to commit. */
interface Prepared {
  readonly kind: "prepared";
  readonly results: readonly KeptResult[];
  /** A time before the commit. */
  readonly since: Timestamp;
}

/** In ms: short at first, since a conflict is over when the other transaction is. */
const pauseAfter = (attempt: number): number => Math.min(100, 2 * 1.6 ** attempt) * (0.5 + Math.random() / 2);

/**
 * All writes go one way: a transaction reads the named rows, plans, writes, commits. Its changes are in the feed in the
 * plan's order under the commit's time, so the position of each is known. The driver's own retries are off: they answer
 * with a time that is not the write's.
 */
export class OrderWriter {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  async write(request: WriteRequest, deadline: Deadline): Promise<WriteAnswer> {
    const effort: Effort = { exact: false, newIds: null };
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(request, effort, deadline);
      if (outcome.kind !== "again") return outcome;
      effort.exact ||= outcome.exact;
      await deadline.pause(pauseAfter(attempt));
    }
  }

  async #attempt(request: WriteRequest, effort: Effort, deadline: Deadline): Promise<WriteAnswer | Again> {
    try {
      const repeat = request.idempotency && (await this.#parts.kept.answer(request.idempotency, deadline));
      if (repeat) return repeat;
      effort.newIds ??= await this.#parts.ids.take(createsIn(request.operations));
      return await this.#transact(request, effort.newIds, effort.exact, deadline);
    } catch (error) {
      deadline.check(error);
      // Somebody else has put a row in under one of them.
      if (codeOf(error) === CODE.duplicateKey) effort.newIds = null;
      if (mayPass(error)) return again;
      throw error;
    }
  }

  async #transact(
    request: WriteRequest,
    newIds: readonly number[],
    exact: boolean,
    deadline: Deadline,
  ): Promise<WriteAnswer | Again> {
    const session = this.#parts.home.client.startSession();
    try {
      // After the session is taken: it may have committed another transaction just before.
      const earlier = exact ? await this.#readPlaced(request, deadline) : null;
      return await this.#parts.commits.watch(session, async (sent) => {
        session.startTransaction(earlier === null ? TRANSACTION : transactionAt(earlier.time));
        const prepared = await this.#prepare(request, newIds, earlier, session, deadline);
        if (prepared.kind === "again") return prepared;
        if (prepared.kind === "nothing") {
          await session.abortTransaction();
          return this.#answerUnwritten(request, deadline);
        }
        const time = await this.#commit(session, prepared.since, sent, deadline);
        return time === null ? again : this.#answerWritten(request, prepared.results, time);
      });
    } finally {
      await session.endSession();
    }
  }

  /** Everything of the transaction but its commit. */
  async #prepare(
    { operations, idempotency }: WriteRequest,
    newIds: readonly number[],
    earlier: PlacedRows | null,
    session: ClientSession,
    deadline: Deadline,
  ): Promise<Prepared | Again | { readonly kind: "nothing" }> {
    const { home, keys } = this.#parts;
    const read = await readRowsAndClock(home.db, namedIds(operations), session, deadline);
    const since = session.operationTime;
    if (read === null || since === undefined) {
      await home.setUp();
      return again;
    }
    const plan = planWrites(operations, read.rows, newIds, read.nowMs);
    if (plan.writes.length === 0) return { kind: "nothing" };
    const results = placeResults(plan, earlier);
    if (results === null) return { kind: "again", exact: true };
    // The first statement that writes: the feed finds the key before the orders that it made.
    if (idempotency) await keys.insert({ ...idempotency, results, since }, read.nowMs, session);
    await this.#apply(plan.writes, session);
    return { kind: "prepared", results, since };
  }

  async #apply(writes: readonly PlannedWrite[], session: ClientSession): Promise<void> {
    // Not by the model: it would make a document of each, check it once more, and unmake it.
    const rows = this.#parts.home.db.collection<OrderDocument>(ORDERS);
    const done = await rows.bulkWrite(writes.map(statementOf), { session, ordered: true });
    if (!isAsPlanned(writes, done)) throw new Error("A transaction did not find the rows that it had read");
  }

  /** @returns when it committed; null if it surely did not */
  async #commit(
    session: ClientSession,
    since: Timestamp,
    sent: () => number,
    deadline: Deadline,
  ): Promise<Timestamp | null> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await session.commitTransaction();
        break;
      } catch (error) {
        if (!isUnknownCommit(error)) return isTransient(error) ? null : Promise.reject(unknownOutcome(error));
        await deadline.pause(pauseAfter(attempt));
      }
    }
    if (sent() === 1 && session.operationTime) return session.operationTime;
    return this.#findTime(session, since, deadline);
  }

  /** The answer to a commit that was sent twice does not tell its time. */
  async #findTime(session: ClientSession, since: Timestamp, deadline: Deadline): Promise<Timestamp> {
    const mark = { "ns.coll": ORDERS, "lsid.id": session.id?.id, txnNumber: session.serverSession.txnNumber };
    try {
      const time = await findCommitTime(this.#parts.home.db, mark, since, deadline);
      if (time !== null) return time;
    } catch (error) {
      // Not to be taken for a failure before the commit, which would be tried again.
      throw unknownOutcome(error);
    }
    throw unknownOutcome();
  }

  async #answerWritten(
    { idempotency }: WriteRequest,
    kept: readonly KeptResult[],
    time: Timestamp,
  ): Promise<WriteAnswer> {
    this.#parts.home.saw(time);
    // A repeat must find it before the first answer is out.
    if (idempotency) await this.#parts.kept.complete(idempotency.key, time);
    const results = placed(kept, time);
    if (results === null) throw new TypeError("a committed result without a place");
    return { kind: "done", results };
  }

  /** A read of one instant says so too, and gives the answer its position; unless it finds something to write. */
  async #answerUnwritten(request: WriteRequest, deadline: Deadline): Promise<WriteAnswer | Again> {
    const { operations, idempotency } = request;
    const { rows, nowMs, position, time } = await this.#readPlaced(request, deadline);
    const plan = planWrites(operations, rows, [], nowMs);
    const kept = plan.writes.length === 0 ? placeResults(plan, { rows, position }) : null;
    const results = kept && placed(kept, null);
    if (kept === null || results === null) return again;
    if (idempotency) await this.#parts.keys.insert({ ...idempotency, results: kept, since: time }, nowMs);
    return { kind: "done", results };
  }

  async #readPlaced({ operations }: WriteRequest, deadline: Deadline) {
    const { home } = this.#parts;
    for (;;) {
      const { value, time } = await home.snapshot(deadline, (session) =>
        readRowsAndClock(home.db, namedIds(operations), session, deadline),
      );
      if (value !== null) return { ...value, time, position: positionOf(completeAt(time)) };
      await home.setUp();
      deadline.check();
    }
  }
}

const unknownOutcome = (cause?: unknown): StoreUnavailableError =>
  new StoreUnavailableError("Whether the write was carried out is unknown", { cause });

function statementOf(write: PlannedWrite): AnyBulkWriteOperation<OrderDocument> {
  switch (write.kind) {
    case "insert":
      return { insertOne: { document: { _id: write.after.id, ...fieldsOf(write.after) } } };
    case "update":
      return { updateOne: { filter: { _id: write.after.id }, update: { $set: fieldsOf(write.after) } } };
    case "delete":
      return { deleteOne: { filter: { _id: write.before.id } } };
  }
}
