import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { Status } from "@live-orders/protocol/status";
import type { CommittedWrite, MemoryDatabase } from "@live-orders/testkit/memory-database";
import { changeText, orderText } from "./order-text.ts";
import { Violation } from "./violation.ts";

/** An order from one write to the next; `order` is null from its deletion on. */
export interface Version {
  readonly position: Position;
  readonly order: Order | null;
}

/** A change as every reader must get it. */
export interface ExpectedChange {
  readonly position: Position;
  readonly text: string;
  isSeenBy(statuses: readonly Status[]): boolean;
}

/**
 * What stood in the database when, and what every reader must be told, from the list of writes alone. Nothing of the
 * project has a part in it: a change's image before is the write before, whatever the database's log says.
 */
export class Oracle {
  readonly #database: MemoryDatabase;
  readonly #fail: (violation: Violation) => void;
  readonly #changes = new Map<string, ExpectedChange[]>();
  /** Of all generations (a client may show the former one until it is told), oldest first. */
  readonly #versions = new Map<number, Version[]>();
  /** By key, the first order that it made. */
  readonly #made = new Map<string, Version>();
  readonly #keys = new Set<string>();
  #rows = new Map<number, Order>();
  #generation = "";
  #read = 0;

  constructor(database: MemoryDatabase, fail: (violation: Violation) => void) {
    this.#database = database;
    this.#fail = fail;
    this.readOn();
    database.subscribe(() => {
      this.readOn();
    });
  }

  /** The generation that stands. */
  get generation(): string {
    return this.#generation;
  }

  /** The position of the last write. */
  get last(): Position {
    return this.#database.writes.at(-1)?.position ?? "";
  }

  /** Everything committed after `from` and up to `to` that a reader of `statuses` sees. */
  expected(generation: string, from: Position, to: Position, statuses: readonly Status[]): ExpectedChange[] {
    const all = this.#changes.get(generation) ?? [];
    const seen: ExpectedChange[] = [];
    for (let index = firstAfter(all, from); index < all.length; index += 1) {
      const change = all[index];
      if (!change || change.position > to) break;
      if (change.isSeenBy(statuses)) seen.push(change);
    }
    return seen;
  }

  versions(id: number): readonly Version[] {
    return this.#versions.get(id) ?? [];
  }

  /** The order as of a position; null if none stood. */
  asOf(id: number, position: Position): Order | null {
    return this.versions(id).findLast((version) => version.position <= position)?.order ?? null;
  }

  /** The orders of these statuses that stand now, by id. */
  standing(statuses: readonly Status[]): Map<number, Order> {
    return new Map([...this.#rows].filter(([, { status }]) => statuses.includes(status)));
  }

  /** A request that may make orders is about to be sent under this key. */
  expectKey(key: string): void {
    this.#keys.add(key);
  }

  /** The order of this key as it was made; null: not yet. */
  made(key: string): Version | null {
    return this.#made.get(key) ?? null;
  }

  /** Takes in what was written since. */
  readOn(): void {
    if (this.#database.generation !== this.#generation) {
      // With the collection went its rows.
      for (const id of this.#rows.keys())
        this.#versions.get(id)?.push({ position: this.#database.floor, order: null });
      this.#generation = this.#database.generation;
      this.#rows = new Map();
      this.#changes.set(this.#generation, []);
    }
    const { writes } = this.#database;
    for (; this.#read < writes.length; this.#read += 1) {
      const write = writes[this.#read];
      if (write) this.#take(write);
    }
  }

  /** A bulk request may make several orders, but in one transaction. */
  #madeOnce({ key, position, row }: CommittedWrite): void {
    if (key === undefined) return;
    const first = this.#made.get(key) ?? { position, order: row };
    if (transactionOf(first.position) !== transactionOf(position))
      this.#fail(new Violation("made once", `${key} made orders at ${first.position} and ${position}`));
    if (!this.#keys.has(key))
      this.#fail(new Violation("made once", `nobody's ${key} made an order at ${position}`));
    this.#made.set(key, first);
  }

  #take(write: CommittedWrite): void {
    const { generation, position, id, row } = write;
    this.#madeOnce(write);
    this.#changes.get(generation)?.push(expectedChange(write, this.#rows.get(id) ?? null));
    const versions = this.#versions.get(id) ?? [];
    versions.push({ position, order: row });
    this.#versions.set(id, versions);
    if (row === null) this.#rows.delete(id);
    else this.#rows.set(id, row);
  }
}

const transactionOf = (position: Position): string | undefined => position.split(".")[0];

function expectedChange({ position, id, row, at, key, hasImages }: CommittedWrite, was: Order | null) {
  const op: Change["op"] = was === null ? "insert" : row === null ? "delete" : "update";
  const isBare = !hasImages && op !== "insert";
  const images = isBare ? { before: null, after: null } : { before: was, after: row };
  const text = changeText({ position, op, id, ...images, at, ...(key !== undefined && { key }) });
  return {
    position,
    text,
    isSeenBy: (statuses: readonly Status[]) =>
      isBare || [was, row].some((order) => order !== null && statuses.includes(order.status)),
  };
}

/** The index of the first change after `position`. */
function firstAfter(changes: readonly ExpectedChange[], position: Position): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const change = changes[middle];
    if (change && change.position > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const rowsAsText = (orders: Iterable<Order>): Map<number, string> => {
  const texts = new Map<number, string>();
  for (const order of orders) texts.set(order.id, orderText(order));
  return texts;
};
