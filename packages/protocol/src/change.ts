import { z } from "zod";
import { cursorSchema } from "./cursor.ts";
import { orderIdSchema, orderSchema, timestampSchema } from "./order.ts";
import { positionSchema } from "./position.ts";

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, "must be 1 to 128 visible ASCII characters");

/** One committed change of one order, with the order exactly as it stood before and after it. */
export const changeSchema = z.object({
  position: positionSchema,
  op: z.enum(["insert", "update", "delete"]),
  id: orderIdSchema,
  /** Null for an insert, or when the image is missing. */
  before: orderSchema.nullable(),
  /** Null for a delete, or when the image is missing. */
  after: orderSchema.nullable(),
  /** When it was committed, by the database's clock. */
  at: timestampSchema,
  /** The `Idempotency-Key` of the request that made it; on inserts only. */
  key: idempotencyKeySchema.optional(),
});
export type Change = z.infer<typeof changeSchema>;

/** Changes in commit order, and how far they reach: everything up to `position` is in this batch or an earlier one. */
export const changeBatchSchema = z.object({
  changes: z.array(changeSchema),
  position: positionSchema,
  cursor: cursorSchema,
});
export type ChangeBatch = z.infer<typeof changeBatchSchema>;
