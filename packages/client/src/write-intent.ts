import { idempotencyKeySchema } from "@live-orders/protocol/change";
import { orderSchema } from "@live-orders/protocol/order";
import { statusSchema } from "@live-orders/protocol/status";
import { z } from "zod";

/** As the person typed it: whether it is valid is for the server to say. */
const draftSchema = z.object({
  customer_name: z.string(),
  product_name: z.string(),
  status: statusSchema.optional(),
});

const common = {
  /** The `Idempotency-Key` it is sent with. */
  key: idempotencyKeySchema,
  /** The row; negative while the server has given it no id. */
  id: z.int(),
  /** When the person made it, by the server's clock as far as it was known, in milliseconds since 1970. */
  madeAt: z.number(),
  /** When it was first sent, by this machine's clock, in milliseconds since 1970; null before. */
  sentAt: z.number().nullable(),
};

/** A row as it was shown, whose id may be negative and whose names may not be valid yet. */
const shownOrderSchema = orderSchema.extend({
  id: z.int(),
  customer_name: z.string(),
  product_name: z.string(),
});

/** A write that a person has made, as it can be kept over a reload. */
export const writeIntentSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("create"), ...common, order: draftSchema }),
  z.object({ kind: z.literal("restore"), ...common, order: orderSchema }),
  z.object({
    kind: z.literal("edit"),
    ...common,
    patch: draftSchema.partial(),
    /** The row as it was shown when the edit was made. */
    seen: shownOrderSchema,
    /** The version it is to be made on; null for the one that stands when its turn comes. */
    base: shownOrderSchema.nullable(),
    /** Whatever has happened meanwhile. */
    force: z.boolean(),
  }),
  z.object({ kind: z.literal("remove"), ...common, base: shownOrderSchema.nullable() }),
]);
export type WriteIntent = z.infer<typeof writeIntentSchema>;
export type WriteIntentOf<Kind extends WriteIntent["kind"]> = Extract<WriteIntent, { kind: Kind }>;
