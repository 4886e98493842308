import { MAX_ID } from "@live-orders/protocol/order";
import type { Collection, Db } from "mongodb";
import { ID_COUNTERS } from "./collection-names.ts";
import { ANSWER_WITHIN_MS, Deadline } from "./deadline.ts";
import { ORDERS } from "./order-model.ts";
import { CODE, codeOf } from "./server-error.ts";

interface CounterDocument {
  _id: string;
  /** The last id that was given. */
  last: number;
}

/** How many ids are looked at in one go, at most. */
const MAX_WINDOW = 50_000;
const ROUNDS = 100;

interface Waiting {
  readonly count: number;
  readonly resolve: (ids: number[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gives ids for new orders: one after the other, past rows that others put in, and from 1 again after the greatest. An
 * id is given once (the counter is raised outside of the transaction that uses it), but another program may still take
 * it first: the insert then fails, and the writer asks for another. Those who ask at the same time are served together.
 */
export class IdCounter {
  readonly #counters: Collection<CounterDocument>;
  readonly #orders: Collection<{ _id: number }>;
  #waiting: Waiting[] = [];
  #serving = false;

  constructor(db: Db) {
    this.#counters = db.collection(ID_COUNTERS);
    this.#orders = db.collection(ORDERS);
  }

  /** `count` ids that no row bears now. */
  take(count: number): Promise<number[]> {
    if (count === 0) return Promise.resolve([]);
    const ids = new Promise<number[]>((resolve, reject) => this.#waiting.push({ count, resolve, reject }));
    if (!this.#serving) void this.#serve();
    return ids;
  }

  async #serve(): Promise<void> {
    this.#serving = true;
    while (this.#waiting.length > 0) {
      const served = this.#waiting;
      this.#waiting = [];
      try {
        const ids = await this.#takeNow(served.reduce((sum, { count }) => sum + count, 0));
        for (const { count, resolve } of served) resolve(ids.splice(0, count));
      } catch (error) {
        for (const { reject } of served) reject(error);
      }
    }
    this.#serving = false;
  }

  async #takeNow(count: number): Promise<number[]> {
    const deadline = new Deadline(ANSWER_WITHIN_MS);
    const free: number[] = [];
    for (let round = 0; round < ROUNDS && free.length < count; round += 1) {
      deadline.check();
      free.push(...(await this.#takeBlock(count - free.length, round)));
    }
    if (free.length < count) throw new RangeError("There is no free id left");
    return free;
  }

  /** Some of what is wanted; nothing if the block was full, and then the counter is past what lies together there. */
  async #takeBlock(wanted: number, round: number): Promise<number[]> {
    // Where ids lie densely, few of a small block are free.
    const size = round === 0 ? wanted : Math.min(MAX_WINDOW, wanted * 2 ** Math.min(round, 16));
    const last = await this.#raise(size);
    const from = last - size + 1;
    if (from > MAX_ID) {
      await this.#startAgain(last);
      return [];
    }
    const to = Math.min(last, MAX_ID);
    const taken = await this.#takenIn(from, to);
    if (taken.size === to - from + 1) await this.#skipTo(last, await this.#firstFree(to + 1));
    const free: number[] = [];
    for (let id = from; id <= to && free.length < wanted; id += 1) if (!taken.has(id)) free.push(id);
    return free;
  }

  async #raise(by: number): Promise<number> {
    try {
      const counter = await this.#counters.findOneAndUpdate(
        { _id: ORDERS },
        { $inc: { last: by } },
        { upsert: true, returnDocument: "after" },
      );
      return counter?.last ?? by;
    } catch (error) {
      // Two upserts at once: the other one made the document.
      if (codeOf(error) !== CODE.duplicateKey) throw error;
      return this.#raise(by);
    }
  }

  async #takenIn(from: number, to: number): Promise<Set<number>> {
    const rows = this.#orders.find(
      { _id: { $gte: from, $lte: to } },
      { projection: { _id: 1 }, hint: { _id: 1 } },
    );
    return new Set((await rows.toArray()).map(({ _id }) => _id));
  }

  /** Raises the counter, if nobody else has moved it since, so that `id` comes next. */
  async #skipTo(last: number, id: number): Promise<void> {
    await this.#counters.updateOne({ _id: ORDERS, last }, { $set: { last: id - 1 } });
  }

  /** Past the greatest id: on from the first free one, from 1. */
  async #startAgain(last: number): Promise<void> {
    const id = await this.#firstFree(1);
    if (id > MAX_ID) throw new RangeError("There is no free id left");
    await this.#skipTo(last, id);
  }

  /**
   * The first free id from `from` on; past `MAX_ID` if there is none. Doubles the range until it is not full, and then
   * halves it: counting an index's range is all that it asks of the database.
   */
  async #firstFree(from: number): Promise<number> {
    let full = 0;
    let size = 1;
    while (from + size - 1 <= MAX_ID && (await this.#isFull(from + full, size - full))) {
      full = size;
      size *= 2;
    }
    // The first `full` are taken, not all of the first `size` are.
    while (size - full > 1) {
      const middle = full + Math.floor((size - full) / 2);
      if (from + middle - 1 <= MAX_ID && (await this.#isFull(from + full, middle - full))) full = middle;
      else size = middle;
    }
    return from + full;
  }

  async #isFull(from: number, size: number): Promise<boolean> {
    const range = { _id: { $gte: from, $lt: from + size } };
    return (await this.#orders.countDocuments(range, { hint: { _id: 1 } })) >= size;
  }
}
