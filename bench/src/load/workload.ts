import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import { type AnyBulkWriteOperation, Int32 } from "mongodb";
import { keyOfDelete, keyOfState, updatedAtOf, type WriteRecord } from "./write-record.ts";

export interface OrderRow {
  _id: Int32 | number;
  customer_name: string;
  product_name: string;
  status: Status;
  updated_at: Date;
}

export interface PlannedWrite {
  readonly operation: AnyBulkWriteOperation<OrderRow>;
  readonly id: number;
  readonly record: Omit<WriteRecord, "at">;
}

const CUSTOMERS = ["Claire Gute", "Darrin Van Huff", "Sean O'Donnell", "Brosina Hoffman", "Andrew Allen"];
const PRODUCTS = [
  "Bush Somerset Collection Bookcase",
  "Self-Adhesive Address Labels for Typewriters",
  "Eldon Fold 'N Roll Cart System",
];

/**
 * The common work, the same for the same seed: 40 % inserts, 50 % updates (half of the status, half of a name), 10 %
 * deletes. An order whose write is under way is left alone, so that what each change was from and to is known.
 */
export class Workload {
  readonly #random: SeededRandom;
  /** The orders at rest. */
  readonly #ids: number[] = [];
  readonly #statuses = new Map<number, Status>();
  #nextId: number;
  #sequence: number;

  /** @param firstSequence greater than that of every write before */
  constructor(rows: readonly OrderRow[], firstSequence: number, random: SeededRandom) {
    this.#random = random;
    this.#sequence = firstSequence;
    this.#nextId = 1;
    for (const { _id, status } of rows) {
      const id = Number(_id);
      this.#ids.push(id);
      this.#statuses.set(id, status);
      this.#nextId = Math.max(this.#nextId, id + 1);
    }
  }

  next(): PlannedWrite {
    const share = this.#random.next();
    if (share < 0.4 || this.#ids.length === 0) return this.#insert();
    if (share < 0.9) return this.#update(share < 0.65);
    return this.#delete();
  }

  /** The write is done: its order may be written again. */
  done({ id, record }: PlannedWrite): void {
    if (record.to === null) this.#statuses.delete(id);
    else this.#ids.push(id);
  }

  #insert(): PlannedWrite {
    const id = this.#nextId;
    this.#nextId += 1;
    const status = this.#random.pick(STATUSES);
    const updated_at = this.#stamp();
    this.#statuses.set(id, status);
    const document = {
      _id: new Int32(id),
      customer_name: this.#random.pick(CUSTOMERS),
      product_name: this.#random.pick(PRODUCTS),
      status,
      updated_at,
    };
    return { id, operation: { insertOne: { document } }, record: state(updated_at, null, status) };
  }

  #update(ofStatus: boolean): PlannedWrite {
    const id = this.#takeOne();
    const from = this.#statusOf(id);
    const to = ofStatus ? this.#random.pick(STATUSES.filter((status) => status !== from)) : from;
    const updated_at = this.#stamp();
    this.#statuses.set(id, to);
    const part = ofStatus ? { status: to } : { customer_name: this.#random.pick(CUSTOMERS) };
    const operation = {
      updateOne: { filter: { _id: new Int32(id) }, update: { $set: { ...part, updated_at } } },
    };
    return { id, operation, record: state(updated_at, from, to) };
  }

  #delete(): PlannedWrite {
    const id = this.#takeOne();
    const record = { key: keyOfDelete(id), from: this.#statusOf(id), to: null };
    return { id, operation: { deleteOne: { filter: { _id: new Int32(id) } } }, record };
  }

  #statusOf(id: number): Status {
    const status = this.#statuses.get(id);
    if (status === undefined) throw new Error(`There is no order ${id}`);
    return status;
  }

  #takeOne(): number {
    const at = this.#random.int(0, this.#ids.length - 1);
    const id = this.#ids[at];
    const last = this.#ids.pop();
    if (id === undefined || last === undefined) throw new Error("There is no order at rest");
    if (at < this.#ids.length) this.#ids[at] = last;
    return id;
  }

  #stamp(): Date {
    this.#sequence += 1;
    return updatedAtOf(this.#sequence);
  }
}

const state = (updatedAt: Date, from: Status | null, to: Status) => ({
  key: keyOfState(updatedAt.toISOString()),
  from,
  to,
});
