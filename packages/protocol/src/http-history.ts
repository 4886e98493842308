import { z } from "zod";
import { changeSchema } from "./change.ts";
import { timestampSchema } from "./order.ts";
import { PAGE_LIMIT, queryInt } from "./order-query.ts";
import { positionSchema } from "./position.ts";

/** `GET /api/orders/:id/history`; `after` is the `next` of the page before. */
export const historyQuerySchema = z.strictObject({
  limit: queryInt(PAGE_LIMIT.min, PAGE_LIMIT.max).optional(),
  after: z.string().min(1).max(1024).optional(),
});

/** The changes of one order, newest first. An id that no order has ever had has an empty history. */
export const orderHistorySchema = z.object({
  changes: z.array(changeSchema),
  /** Opaque; null on the last page. */
  next: z.string().nullable(),
  /** Every change up to here is in it, the later ones come by the feed. Null: no history is kept. */
  position: positionSchema.nullable(),
  /** The history is whole from this instant on; of what was before some may be missing. Null: no history is kept. */
  since: timestampSchema.nullable(),
});
export type OrderHistoryPage = z.infer<typeof orderHistorySchema>;
