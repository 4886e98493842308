import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import type { MemoryDatabase } from "@live-orders/testkit/memory-database";

interface Version {
  readonly position: string;
  /** JSON of the order, or null for a deletion. */
  readonly text: string | null;
}

const text = ({ id, customer_name, product_name, status, updated_at }: Order): string =>
  JSON.stringify([id, customer_name, product_name, status, updated_at]);

/** What stood in the database when, from the list of commits alone. */
export class Oracle {
  readonly #database: MemoryDatabase;
  readonly #changes: Change[] = [];
  /** Every version of every order, of former generations too (a client may show them until it is told), oldest first. */
  readonly #versions = new Map<number, Version[]>();
  #generation: string;
  /** The first position of this generation. */
  #began = "";
  #cutBelow = "";

  constructor(database: MemoryDatabase) {
    this.#database = database;
    this.#generation = database.generation;
    database.subscribe(() => {
      this.#read();
    });
  }

  /** Everything committed in this generation, seen by a reader of `statuses`, after `from` and up to `to`. */
  expected(from: string, to: string, statuses: readonly Status[]): string[] {
    return this.#changes
      .filter(({ position }) => position > from && position <= to)
      .filter(({ before, after }) =>
        [before, after].some((order) => order && statuses.includes(order.status)),
      )
      .map(({ position }) => position);
  }

  get began(): string {
    return this.#began;
  }

  /** A reset is just when the collection is another one or the database's history does not reach back to `position`. */
  mayReset(generation: string, position: string): boolean {
    return generation !== this.#generation || position < this.#cutBelow;
  }

  /** The position of the earliest version of the order, not before `since`, that reads as this one; null if none. */
  stoodAt(order: Order, since: string): string | null {
    const wanted = text(order);
    const versions = this.#versions.get(order.id) ?? [];
    // The version that stood at `since` still counts.
    const from = versions.findLastIndex(({ position }) => position <= since);
    return versions.slice(Math.max(from, 0)).find((version) => version.text === wanted)?.position ?? null;
  }

  /** The orders that stand now, from the commits alone, as text by id. */
  standing(statuses: readonly Status[]): Map<number, string> {
    const rows = new Map<number, Order>();
    for (const { id, after } of this.#changes) {
      if (after === null) rows.delete(id);
      else rows.set(id, after);
    }
    const wanted = [...rows.values()].filter(({ status }) => statuses.includes(status));
    return new Map(wanted.map((order) => [order.id, text(order)]));
  }

  #read(): void {
    if (this.#database.generation !== this.#generation) {
      this.#generation = this.#database.generation;
      this.#began = this.#database.floor;
      this.#changes.length = 0;
    }
    this.#cutBelow = this.#database.floor;
    const known = this.#changes.at(-1)?.position ?? this.#began;
    for (const change of this.#database.log) {
      if (change.position <= known) continue;
      this.#changes.push(change);
      const versions = this.#versions.get(change.id) ?? [];
      versions.push({ position: change.position, text: change.after && text(change.after) });
      this.#versions.set(change.id, versions);
    }
  }
}

export class Violation extends Error {
  override readonly name = "Violation";
}

/** The rows a live client shows as confirmed: each stood in the database, and none goes back. */
export class ShownRows {
  readonly #oracle: Oracle;
  readonly #name: string;
  #seen = new Map<number, string>();
  #epoch = "";

  constructor(oracle: Oracle, name: string) {
    this.#oracle = oracle;
    this.#name = name;
  }

  check(confirmed: Iterable<Order>, epoch: string): void {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#seen = new Map();
    }
    for (const order of confirmed) {
      const at = this.#oracle.stoodAt(order, this.#seen.get(order.id) ?? "");
      if (at === null)
        throw new Violation(`${this.#name} shows ${text(order)}, which never stood or went back`);
      this.#seen.set(order.id, at);
    }
  }

  equals(orders: Iterable<Order>, statuses: readonly Status[]): void {
    const shown = new Map([...orders].map((order) => [order.id, text(order)]));
    const standing = this.#oracle.standing(statuses);
    const wrong = [...new Set([...shown.keys(), ...standing.keys()])].filter(
      (id) => shown.get(id) !== standing.get(id),
    );
    if (wrong.length === 0) return;
    const [id = 0] = wrong;
    throw new Violation(
      `${this.#name}: order ${id} is ${shown.get(id)}, stands as ${standing.get(id)} (${wrong.length} wrong)`,
    );
  }
}

/** A reader of the bare feed: each change once, in order, none left out. */
export class ReadChanges {
  readonly #oracle: Oracle;
  readonly #name: string;
  readonly #statuses: readonly Status[];
  #from = "";
  #position = "";

  constructor(oracle: Oracle, name: string, statuses: readonly Status[]) {
    this.#oracle = oracle;
    this.#name = name;
    this.#statuses = statuses;
  }

  get position(): string {
    return this.#position;
  }

  /** It begins anew from here. */
  begin(position: string): void {
    this.#from = position;
    this.#position = position;
  }

  take({ changes, position }: ChangeBatch): void {
    if (position < this.#position) throw new Violation(`${this.#name}: ${position} after ${this.#position}`);
    const expected = this.#oracle.expected(this.#position, position, this.#statuses);
    const got = changes.map((change) => change.position);
    if (position >= this.#oracle.began && got.join() !== expected.join()) {
      throw new Violation(
        `${this.#name}: got ${got.join()} up to ${position}, expected ${expected.join()} after ${this.#position}`,
      );
    }
    this.#position = position;
  }

  get from(): string {
    return this.#from;
  }
}
