import { z } from "zod";
import { cursorSchema } from "./cursor.ts";
import {
  importedOrderSchema,
  newOrderSchema,
  orderIdSchema,
  orderPatchSchema,
  orderSchema,
} from "./order.ts";
import { positionSchema } from "./position.ts";
import { problemSchema } from "./problem.ts";

/** `GET /api/orders`: all rows as of one instant, `position`; `cursor` resumes the feed from it. */
export const orderPageSchema = z.object({
  orders: z.array(orderSchema),
  next: z.string().nullable(),
  position: positionSchema,
  cursor: cursorSchema,
});
export type OrderPage = z.infer<typeof orderPageSchema>;

/** `GET /api/orders/counts`, and the socket event `counts`. */
export const countsSchema = z.object({
  pending: z.int().min(0),
  shipped: z.int().min(0),
  delivered: z.int().min(0),
  total: z.int().min(0),
  position: positionSchema,
});
export type Counts = z.infer<typeof countsSchema>;

/** The answer to a read or a write of one order: the order exactly as of `position`. */
export const orderAnswerSchema = z.object({ order: orderSchema, position: positionSchema });
export type OrderAnswer = z.infer<typeof orderAnswerSchema>;

export const MAX_BULK_OPERATIONS = 1000;
/** In bytes. */
export const MAX_BODY = { single: 64 * 1024, bulk: 2 * 1024 * 1024 } as const;

/** What an entity tag may hold (RFC 9110), quotes included; long enough for any of ours. */
const ifMatchSchema = z.string().min(1).max(256);

export const bulkOperationSchema = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("create"), order: newOrderSchema }),
  z.strictObject({ op: z.literal("put"), id: orderIdSchema, order: importedOrderSchema }),
  z.strictObject({
    op: z.literal("patch"),
    id: orderIdSchema,
    order: orderPatchSchema,
    ifMatch: ifMatchSchema.optional(),
  }),
  z.strictObject({ op: z.literal("delete"), id: orderIdSchema, ifMatch: ifMatchSchema.optional() }),
]);
export type BulkOperation = z.infer<typeof bulkOperationSchema>;

export const bulkBodySchema = z.strictObject({
  operations: z.array(bulkOperationSchema).min(1).max(MAX_BULK_OPERATIONS),
});

export const bulkResultSchema = z.object({
  status: z.int(),
  order: orderSchema.optional(),
  position: positionSchema.optional(),
  problem: problemSchema.optional(),
});
export type BulkResult = z.infer<typeof bulkResultSchema>;

export const bulkAnswerSchema = z.object({ results: z.array(bulkResultSchema) });
export type BulkAnswer = z.infer<typeof bulkAnswerSchema>;
