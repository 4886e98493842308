import type { Change } from "@live-orders/protocol/change";
import { type Order, orderIdSchema, orderSchema } from "@live-orders/protocol/order";
import { type Position, positionSchema } from "@live-orders/protocol/position";
import { StoreUnavailableError } from "@live-orders/store/order-store";
import type { WritePlan, WriteResult } from "@live-orders/store/write-plan";
import { z } from "zod";
import { type OutboxRow, outboxEntryOf } from "./outbox-row.ts";

/** What is kept of a plan: with the changes that came of it, the answer. */
export const keptPlanSchema = z.object({
  /** The rows that were planned with stood so as of this. */
  before: positionSchema,
  writes: z.array(z.object({ kind: z.enum(["insert", "update", "delete"]), id: orderIdSchema })),
  results: z.array(
    z.discriminatedUnion("kind", [
      /** `write`: the index among the writes. */
      z.object({ kind: z.literal("written"), write: z.int() }),
      z.object({ kind: z.literal("unchanged"), order: orderSchema }),
      z.object({ kind: z.literal("not-found") }),
      z.object({ kind: z.literal("stale"), current: orderSchema.nullable() }),
    ]),
  ),
});
export type KeptPlan = z.infer<typeof keptPlanSchema>;

export function keptPlanOf({ writes, results }: WritePlan, before: Position): KeptPlan {
  return {
    before,
    writes: writes.map((write) => ({
      kind: write.kind,
      id: write.kind === "delete" ? write.before.id : write.after.id,
    })),
    results: results.map((result) =>
      result.kind === "written" ? { kind: result.kind, write: result.write } : { ...result },
    ),
  };
}

/** @param rows the changes of the plan's transaction, in order */
export function resultsOf({ before, writes, results }: KeptPlan, rows: readonly OutboxRow[]): WriteResult[] {
  const written = outcomesOf(writes, rows);
  let position = before;
  return results.map((result): WriteResult => {
    if (result.kind === "unchanged") return { ...result, position };
    if (result.kind !== "written") return result;
    const outcome = written[result.write];
    if (!outcome) throw new RangeError("a planned result without its write");
    position = outcome.position;
    return { kind: "written", ...outcome };
  });
}

/** What a write came to: the order exactly as of the position. */
interface Written {
  readonly order: Order;
  readonly position: Position;
}

/** Each write's own change, which is the next of its kind: triggers of others may have made more between them. */
function outcomesOf(writes: KeptPlan["writes"], rows: readonly OutboxRow[]): Written[] {
  const changes = rows.map(outboxEntryOf).flatMap((entry) => (entry.kind === "change" ? [entry.change] : []));
  const rest = changes[Symbol.iterator]();
  return writes.map(({ kind, id }) => {
    for (const change of untilEnd<Change>(rest)) {
      if (change.op !== kind || change.id !== id) continue;
      const order = kind === "delete" ? change.before : change.after;
      if (order !== null) return { order, position: change.position };
    }
    throw new StoreUnavailableError(`a trigger of the database kept out the ${kind} of order ${id}`);
  });
}

/** Goes on where the last loop stopped: leaving a `for` loop does not end it. */
function* untilEnd<T>(iterator: Iterator<T>): Generator<T> {
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) yield next.value;
}
