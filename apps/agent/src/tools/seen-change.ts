import type { Change } from "@live-orders/protocol/change";
import { orderIdSchema, timestampSchema } from "@live-orders/protocol/order";
import { statusSchema } from "@live-orders/protocol/status";
import { z } from "zod";

/** What happened; one that moved and was renamed at once has moved. */
export const DEEDS = ["created", "moved", "renamed", "deleted", "touched"] as const;

/** A change in a few words, as a tool gives it. Names are data, whatever they say. */
export const seenChangeSchema = z.object({
  at: timestampSchema,
  id: orderIdSchema,
  /** `touched`: only its time changed, or what it was before is not known. */
  deed: z.enum(DEEDS),
  /** Null: there was no order, or it is not known. */
  from: statusSchema.nullable(),
  to: statusSchema.nullable(),
  customer_name: z.string().nullable(),
  product_name: z.string().nullable(),
});
export type SeenChange = z.infer<typeof seenChangeSchema>;

export function seenChange({ at, id, op, before, after }: Change): SeenChange {
  const order = after ?? before;
  return {
    at,
    id,
    deed: deedOf({ op, before, after }),
    from: before?.status ?? null,
    to: after?.status ?? null,
    customer_name: order?.customer_name ?? null,
    product_name: order?.product_name ?? null,
  };
}

function deedOf({ op, before, after }: Pick<Change, "op" | "before" | "after">): SeenChange["deed"] {
  if (op === "insert") return "created";
  if (op === "delete") return "deleted";
  if (before === null || after === null) return "touched";
  if (before.status !== after.status) return "moved";
  const isSameName =
    before.customer_name === after.customer_name && before.product_name === after.product_name;
  return isSameName ? "touched" : "renamed";
}
