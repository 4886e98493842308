import { matchesEtag } from "@live-orders/protocol/etag";
import type { Order, OrderFields, OrderPatch } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";

/** What a caller asks for. `ifMatch` is an `If-Match` header as it came. */
export type WriteOperation =
  | { readonly op: "create"; readonly order: OrderFields }
  | {
      readonly op: "put";
      readonly id: number;
      readonly order: OrderFields & { readonly updated_at?: string };
    }
  | { readonly op: "patch"; readonly id: number; readonly order: OrderPatch; readonly ifMatch?: string }
  | { readonly op: "delete"; readonly id: number; readonly ifMatch?: string };

/** What came of it. In `written` and `unchanged` the order is exactly as of `position` (a deleted one as it was). */
export type WriteResult =
  | { readonly kind: "written" | "unchanged"; readonly order: Order; readonly position: Position }
  | { readonly kind: "not-found" }
  /** `current` is null for a row that breaks the table: it stands there, but can't be shown. */
  | { readonly kind: "stale"; readonly current: Order | null };

/** One statement of the transaction. */
export type PlannedWrite =
  | { readonly kind: "insert"; readonly after: Order }
  | { readonly kind: "update"; readonly before: Order; readonly after: Order }
  | { readonly kind: "delete"; readonly before: Order };

export type PlannedResult =
  /** `write` is the index into the plan's writes: its place among the transaction's changes. */
  | { readonly kind: "written"; readonly order: Order; readonly write: number }
  | { readonly kind: "unchanged"; readonly order: Order }
  | { readonly kind: "not-found" }
  | { readonly kind: "stale"; readonly current: Order | null };

export interface WritePlan {
  readonly writes: readonly PlannedWrite[];
  readonly results: readonly PlannedResult[];
}

/** A row as it stands: `broken` is one that breaks the table. */
export type StandingRow = Order | "broken";

/** The last instant that an `updated_at` can tell. */
const END_OF_TIME = Date.parse("9999-12-31T23:59:59.999Z");

/** By the database's clock, but at least 1 ms after the old one. */
function touched(nowMs: number, before: Order | null): string {
  const earliest = before === null ? nowMs : Date.parse(before.updated_at) + 1;
  return new Date(Math.min(Math.max(nowMs, earliest), END_OF_TIME)).toISOString();
}

/**
 * What to write, and what to answer, for operations that are carried out in order on rows as they stand. Pure: both
 * stores read the rows of `rows` in the same transaction (or under the same locks) in which they then write.
 *
 * @param rows every row that the operations name, by id; a missing one is absent
 * @param newIds one free id for each `create`, in order
 * @param nowMs the database's clock, in ms since the epoch
 */
export function planWrites(
  operations: readonly WriteOperation[],
  rows: ReadonlyMap<number, StandingRow>,
  newIds: readonly number[],
  nowMs: number,
): WritePlan {
  const standing = new Map(rows);
  const ids = newIds[Symbol.iterator]();
  const writes: PlannedWrite[] = [];
  const results = operations.map((operation): PlannedResult => {
    const planned = planOne(operation, standing, ids, nowMs);
    if ("result" in planned) return planned.result;
    const { write } = planned;
    writes.push(write);
    if (write.kind === "delete") standing.delete(write.before.id);
    else standing.set(write.after.id, write.after);
    return {
      kind: "written",
      order: write.kind === "delete" ? write.before : write.after,
      write: writes.length - 1,
    };
  });
  return { writes, results };
}

type Planned = { readonly write: PlannedWrite } | { readonly result: PlannedResult };

function planOne(
  operation: WriteOperation,
  standing: ReadonlyMap<number, StandingRow>,
  newIds: Iterator<number>,
  nowMs: number,
): Planned {
  if (operation.op === "create") {
    const id = newIds.next();
    if (id.done === true) throw new RangeError("a create without a new id");
    return {
      write: {
        kind: "insert",
        after: { id: id.value, ...operation.order, updated_at: touched(nowMs, null) },
      },
    };
  }
  const row = standing.get(operation.id);
  if (operation.op === "put") {
    if (row !== undefined) return { result: { kind: "stale", current: row === "broken" ? null : row } };
    const { updated_at = touched(nowMs, null), ...fields } = operation.order;
    return { write: { kind: "insert", after: { id: operation.id, ...fields, updated_at } } };
  }
  if (row === undefined || row === "broken") return { result: { kind: "not-found" } };
  if (operation.ifMatch !== undefined && !matchesEtag(operation.ifMatch, row)) {
    return { result: { kind: "stale", current: row } };
  }
  if (operation.op === "delete") return { write: { kind: "delete", before: row } };
  return planPatch(row, operation.order, nowMs);
}

function planPatch(row: Order, patch: OrderPatch, nowMs: number): Planned {
  const { customer_name = row.customer_name, product_name = row.product_name, status = row.status } = patch;
  const same =
    customer_name === row.customer_name && product_name === row.product_name && status === row.status;
  if (same) return { result: { kind: "unchanged", order: row } };
  const after = { id: row.id, customer_name, product_name, status, updated_at: touched(nowMs, row) };
  return { write: { kind: "update", before: row, after } };
}
