import type { WriteAnswer, WriteRequest } from "@live-orders/store/order-store";
import type { Timestamp } from "mongodb";
import { IDEMPOTENCY_KEYS } from "./collection-names.ts";
import { findCommitTime } from "./commit-time.ts";
import { Deadline } from "./deadline.ts";
import { placed, placedLater, type IdempotencyKeys, type KeyRecord } from "./idempotency-keys.ts";
import { completeAt, positionOf } from "./mongo-position.ts";
import type { OrdersHome } from "./orders-home.ts";
import { readRowsAndClock } from "./row-reading.ts";
import { CODE, codeOf } from "./server-error.ts";
import type { StoreLogger } from "./store-logger.ts";

/** How long a repeat waits for the node that commits the first request to note when, in ms. */
const COMPLETION_WAIT_MS = 500;
const COMPLETION_POLL_MS = 10;
/** How long the history is searched for a commit, in ms. */
const SEARCH_MS = 2000;

/** Repeats get the first answer again. */
export class KeptAnswers {
  readonly #home: OrdersHome;
  readonly #keys: IdempotencyKeys;
  readonly #logger: StoreLogger;

  constructor(home: OrdersHome, keys: IdempotencyKeys, logger: StoreLogger) {
    this.#home = home;
    this.#keys = keys;
    this.#logger = logger;
  }

  /** Null if the key is new. */
  async answer(
    { key, fingerprint }: NonNullable<WriteRequest["idempotency"]>,
    deadline: Deadline,
  ): Promise<WriteAnswer | null> {
    const record = await this.#keys.find(key, deadline);
    if (record === null) return null;
    if (record.fingerprint !== fingerprint) return { kind: "key-conflict" };
    const results = placed(record.results, record.time) ?? (await this.#complete(record, deadline));
    return { kind: "done", results };
  }

  /** Notes when the request's transaction committed. The answer does not hang on it. */
  async complete(key: string, time: Timestamp): Promise<void> {
    try {
      await this.#keys.complete(key, time);
    } catch (error) {
      this.#logger.warn({ err: error }, "The time of a commit was not noted; a repeat will look for it");
    }
  }

  async #complete(record: KeyRecord, deadline: Deadline) {
    const noted = await this.#waitForTime(record, deadline);
    if (noted !== null) return noted;
    const time = await this.#findTime(record, deadline);
    const results = placed(record.results, time);
    if (time !== null && results !== null) {
      await this.complete(record.key, time);
      return results;
    }
    return this.#readLater(record, deadline);
  }

  /** The node that committed may be about to. */
  async #waitForTime({ key }: KeyRecord, deadline: Deadline) {
    for (let waited = 0; waited < COMPLETION_WAIT_MS; waited += COMPLETION_POLL_MS) {
      await deadline.pause(COMPLETION_POLL_MS);
      const record = await this.#keys.find(key, deadline);
      const results = record && placed(record.results, record.time);
      if (results) return results;
    }
    return null;
  }

  async #findTime({ key, since }: KeyRecord, deadline: Deadline): Promise<Timestamp | null> {
    const mark = { "ns.coll": IDEMPOTENCY_KEYS, operationType: "insert", "documentKey._id": key };
    try {
      return await findCommitTime(
        this.#home.db,
        mark,
        since,
        new Deadline(Math.min(SEARCH_MS, deadline.left())),
      );
    } catch (error) {
      if (codeOf(error) === CODE.historyLost) return null;
      throw error;
    }
  }

  async #readLater({ results }: KeyRecord, deadline: Deadline) {
    const ids = results.flatMap((result) => ("order" in result ? [result.order.id] : []));
    const { value, time } = await this.#home.snapshot(deadline, (session) =>
      readRowsAndClock(this.#home.db, ids, session, deadline),
    );
    return placedLater(results, value?.rows ?? new Map(), positionOf(completeAt(time)));
  }
}
