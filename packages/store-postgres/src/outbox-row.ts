import { type Change, changeSchema } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import { z } from "zod";
import { millisecondsSchema, orderOf, timestampOf } from "./order-image.ts";
import { positionOf, sequenceSchema } from "./postgres-position.ts";

const imageShape = {
  before_customer_name: z.string().nullable(),
  before_product_name: z.string().nullable(),
  before_status: z.string().nullable(),
  before_ms: millisecondsSchema,
  after_customer_name: z.string().nullable(),
  after_product_name: z.string().nullable(),
  after_status: z.string().nullable(),
  after_ms: millisecondsSchema,
};

/** A row of the view `live_orders.changes`, from the driver or out of JSON. */
export const outboxRowSchema = z.object({
  seq: sequenceSchema,
  op: z.enum(["insert", "update", "delete", "reset"]),
  at_ms: z.number(),
  order_id: z.coerce.number().nullable(),
  key: z.string().nullable(),
  new_generation: z.uuid().nullable(),
  ...imageShape,
});
export type OutboxRow = z.infer<typeof outboxRowSchema>;

export type OutboxEntry =
  | { readonly kind: "change"; readonly change: Change; readonly position: Position }
  /** The table was emptied by TRUNCATE, or another one took its place. */
  | { readonly kind: "reset"; readonly generation: string; readonly position: Position }
  /** A change none of whose images keeps to the contract's table. */
  | { readonly kind: "broken"; readonly id: number | null; readonly position: Position };

export function outboxEntryOf(row: OutboxRow): OutboxEntry {
  const position = positionOf(row.seq);
  if (row.op === "reset") return { kind: "reset", generation: row.new_generation ?? "", position };
  const [before, after] = [imageOf(row, "before"), imageOf(row, "after")];
  const change = changeSchema.safeParse({
    position,
    op: row.op,
    id: row.order_id,
    before,
    after,
    at: timestampOf(row.at_ms),
    ...keyOf(row),
  });
  if ((before === null && after === null) || !change.success) {
    return { kind: "broken", id: row.order_id, position };
  }
  return { kind: "change", change: change.data, position };
}

/** Any program may set what the trigger takes for the key. */
function keyOf({ op, key }: OutboxRow): { key?: string } {
  const parsed = changeSchema.shape.key.safeParse(key ?? undefined);
  return op === "insert" && parsed.success && parsed.data !== undefined ? { key: parsed.data } : {};
}

function imageOf(row: OutboxRow, side: "before" | "after") {
  const [customer_name, product_name] = [row[`${side}_customer_name`], row[`${side}_product_name`]];
  const [status, updated_ms] = [row[`${side}_status`], row[`${side}_ms`]];
  if (row.order_id === null || customer_name === null || product_name === null) return null;
  if (status === null || updated_ms === null) return null;
  return orderOf({ id: row.order_id, customer_name, product_name, status, updated_ms });
}
