import type { Order, OrderPatch } from "@live-orders/protocol/order";

export const PATCH_FIELDS = ["customer_name", "product_name", "status"] as const;
export type PatchField = (typeof PATCH_FIELDS)[number];

/**
 * The fields that both sides changed to different values since `base`. None: the patch may be made on theirs, and
 * keeps what they did.
 */
export function conflictingFields(base: Order, mine: OrderPatch, theirs: Order): PatchField[] {
  return PATCH_FIELDS.filter((field) => {
    const wanted = mine[field];
    return wanted !== undefined && theirs[field] !== base[field] && theirs[field] !== wanted;
  });
}
