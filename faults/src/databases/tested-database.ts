import type { Order } from "@live-orders/protocol/order";

export const DATABASES = ["mongodb", "postgres"] as const;
export type DatabaseKind = (typeof DATABASES)[number];

/** One change of one order, as the database itself tells of it. */
export interface LoggedChange {
  readonly op: "insert" | "update" | "delete";
  readonly id: number;
  readonly before: Order | null;
  readonly after: Order | null;
}

/** Writes past the API, as any other program may make them; acknowledged by a majority. */
export interface DirectWriter {
  insert(rows: readonly Order[]): Promise<void>;
  /** @returns whether the order was there */
  update(id: number, fields: Partial<Omit<Order, "id">>): Promise<boolean>;
  /** Every order, in one statement. */
  updateAll(fields: Partial<Omit<Order, "id" | "updated_at">>): Promise<void>;
  /** @returns whether the order was there */
  remove(id: number): Promise<boolean>;
  /** Past the table's rules. */
  insertUnchecked(rows: readonly UncheckedRow[]): Promise<void>;
}

/** A row that may break the contract's table. */
export interface UncheckedRow {
  readonly id: number;
  readonly customer_name: string;
  readonly product_name: string;
  readonly status: string;
  readonly updated_at: string;
}

/** A real database, and what it says of itself: nothing here has passed through the product. */
export interface TestedDatabase {
  readonly kind: DatabaseKind;
  /** For the API nodes. */
  readonly url: string;
  readonly direct: DirectWriter;
  /** The table, by id, without rows that break the contract's. */
  orders(): Promise<ReadonlyMap<number, Order>>;
  /** From here on the changes are logged. The table must be there. */
  beginLog(): Promise<void>;
  /** The changes since `beginLog`, each order's in the order of their commits. */
  log(): Promise<readonly LoggedChange[]>;
  /** Nothing passes between the API nodes and the database; what was sent comes through after `allow`. */
  readonly cable: Cable;
  dispose(): Promise<void>;
}

interface Cable {
  blackHole(): void;
  cut(): void;
  allow(): void;
}
