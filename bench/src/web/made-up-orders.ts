import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";

const CUSTOMERS = [
  "Claire Gute",
  "Darrin Van Huff",
  "Sean O'Donnell",
  "Brosina Hoffman",
  "Zuschuss Donatelli",
];
const PRODUCTS = ["Bookcase", "Address Labels", "Cart System", "IP Phone", "Stacking Chairs", "Desk Lamp"];

/** The same numbers each time (mulberry32), from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Orders that no database holds, and changes of them, in the contract's words. */
export class MadeUpOrders {
  readonly #random = seeded(7);
  readonly #orders = new Map<number, Order>();
  /** The ids of the orders that stand, in no order; one is drawn in the same time however many there are. */
  readonly #ids: number[] = [];
  readonly #counts = { pending: 0, shipped: 0, delivered: 0 };
  #lastId = 0;
  #commits = 0;

  constructor(count: number) {
    const began = Date.now() - count * 1000;
    for (let n = 0; n < count; n += 1) this.#add(new Date(began + n * 1000).toISOString());
  }

  position(): string {
    return String(this.#commits).padStart(12, "0");
  }

  counts(): Counts {
    return { ...this.#counts, total: this.#orders.size, position: this.position() };
  }

  get(id: number): Order | null {
    return this.#orders.get(id) ?? null;
  }

  ids(): readonly number[] {
    return [...this.#ids];
  }

  /** Every order, the one that changed last first. */
  newestFirst(): Order[] {
    return [...this.#orders.values()].sort((a, b) =>
      a.updated_at === b.updated_at ? b.id - a.id : a.updated_at < b.updated_at ? 1 : -1,
    );
  }

  /** `count` changes of any orders, and one of each of `inView`. */
  batch(count: number, inView: readonly number[]): ChangeBatch {
    const changes = Array.from({ length: count }, () => this.#change());
    for (const id of inView) changes.push(this.#update(id));
    const position = this.position();
    return { changes: changes.filter((change) => change !== null), position, cursor: position };
  }

  /** Mostly updates; as many come as go. */
  #change(): Change | null {
    const roll = this.#random();
    if (roll < 0.05) return this.#written("insert", null, this.#add(new Date().toISOString()));
    const place = Math.floor(this.#random() * this.#ids.length);
    const id = this.#ids[place] ?? 0;
    return roll < 0.1 ? this.#remove(id, place) : this.#update(id);
  }

  #update(id: number): Change | null {
    const before = this.#orders.get(id);
    if (before === undefined) return null;
    const isMove = this.#random() < 0.5;
    const status = isMove ? this.#pick(STATUSES) : before.status;
    const customer_name = isMove ? before.customer_name : this.#name();
    const after = { ...before, status, customer_name, updated_at: new Date().toISOString() };
    this.#orders.set(id, after);
    this.#counts[before.status] -= 1;
    this.#counts[status] += 1;
    return this.#written("update", before, after);
  }

  #remove(id: number, place: number): Change | null {
    const before = this.#orders.get(id);
    const last = this.#ids.pop();
    if (before === undefined || last === undefined) return null;
    if (last !== id) this.#ids[place] = last;
    this.#orders.delete(id);
    this.#counts[before.status] -= 1;
    return this.#written("delete", before, null);
  }

  #add(updated_at: string): Order {
    this.#lastId += 1;
    const id = this.#lastId;
    const order = {
      id,
      customer_name: this.#name(),
      product_name: this.#pick(PRODUCTS),
      status: this.#pick(STATUSES),
      updated_at,
    };
    this.#orders.set(id, order);
    this.#ids.push(id);
    this.#counts[order.status] += 1;
    return order;
  }

  #written(op: Change["op"], before: Order | null, after: Order | null): Change {
    this.#commits += 1;
    const id = (after ?? before)?.id ?? 0;
    return { position: this.position(), op, id, before, after, at: new Date().toISOString() };
  }

  /** One of 5,000: what is renamed is as long as what was there before. */
  #name(): string {
    return `${this.#pick(CUSTOMERS)} ${1000 + Math.floor(this.#random() * 1000)}`;
  }

  #pick<Value>(from: readonly [Value, ...Value[]] | readonly Value[]): Value {
    const picked = from[Math.floor(this.#random() * from.length)];
    if (picked === undefined) throw new RangeError("there is nothing to pick");
    return picked;
  }
}
