import type { Position } from "@live-orders/protocol/position";
import type { PlannedWrite, StandingRow, WriteOperation, WritePlan } from "@live-orders/store/write-plan";
import { etagOf } from "@live-orders/protocol/etag";
import type { Order } from "@live-orders/protocol/order";
import type { KeptResult } from "./idempotency-keys.ts";

/** Rows as of a known position. */
export interface PlacedRows {
  readonly rows: ReadonlyMap<number, StandingRow>;
  readonly position: Position;
}

/**
 * The plan's results with their places. One that was written has its change's; one that the plan left as it was has
 * that of the plan's last change of it before, or else needs `earlier`: a read at a known position that found the order
 * as the transaction did.
 *
 * @returns null if a result has no exact place
 */
export function placeResults(plan: WritePlan, earlier: PlacedRows | null): KeptResult[] | null {
  const lastWrite = new Map<number, number>();
  const kept: KeptResult[] = [];
  for (const result of plan.results) {
    if (result.kind === "written") {
      const { order, write } = result;
      lastWrite.set(order.id, write);
      kept.push({ kind: "written", order, at: write, deleted: plan.writes[write]?.kind === "delete" });
    } else if (result.kind === "unchanged") {
      const { order } = result;
      const at = lastWrite.get(order.id) ?? placeOfSame(order, earlier);
      if (at === null) return null;
      kept.push({ kind: "unchanged", order, at, deleted: false });
    } else kept.push(result);
  }
  return kept;
}

function placeOfSame(order: Order, earlier: PlacedRows | null): Position | null {
  const row = earlier?.rows.get(order.id);
  if (!earlier || row === undefined || row === "broken") return null;
  return etagOf(row) === etagOf(order) ? earlier.position : null;
}

/** Every row that the operations name. */
export function namedIds(operations: readonly WriteOperation[]): number[] {
  return [...new Set(operations.flatMap((operation) => (operation.op === "create" ? [] : [operation.id])))];
}

export const createsIn = (operations: readonly WriteOperation[]): number =>
  operations.filter(({ op }) => op === "create").length;

export interface WriteCounts {
  readonly insertedCount: number;
  readonly modifiedCount: number;
  readonly deletedCount: number;
}

/** Whether the database did what was planned. */
export function isAsPlanned(writes: readonly PlannedWrite[], done: WriteCounts): boolean {
  const planned = (kind: PlannedWrite["kind"]): number =>
    writes.filter((write) => write.kind === kind).length;
  return (
    done.insertedCount === planned("insert") &&
    done.modifiedCount === planned("update") &&
    done.deletedCount === planned("delete")
  );
}
