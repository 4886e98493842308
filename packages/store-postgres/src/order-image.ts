import { type Order, orderSchema } from "@live-orders/protocol/order";
import { z } from "zod";

/** The milliseconds of a `timestamptz` since the epoch, as `millisecondsSchema` takes them. */
export const millisecondsOf = (column: string): string => `round(date_part('epoch', ${column}) * 1000)`;

export const ORDER_COLUMNS = `id, customer_name, product_name, status, ${millisecondsOf("updated_at")} AS updated_ms`;

/** Null for `infinity` and `-infinity`, which break the table; the driver gives them as numbers, JSON as words. */
export const millisecondsSchema = z
  .literal([Infinity, -Infinity, "Infinity", "-Infinity"])
  .transform(() => null)
  .or(z.number().nullable());

/** A row as the driver gives it; whether it is an order is another question. */
export const orderRowSchema = z.object({
  id: z.number(),
  customer_name: z.string(),
  product_name: z.string(),
  status: z.string(),
  updated_ms: millisecondsSchema,
});
export type OrderRow = z.infer<typeof orderRowSchema>;

/** Null for a row that breaks the contract's table. */
export function orderOf(row: OrderRow): Order | null {
  const { updated_ms, ...fields } = row;
  const order = orderSchema.safeParse({ ...fields, updated_at: timestampOf(updated_ms) });
  return order.success ? order.data : null;
}

/** RFC 3339 in UTC milliseconds; null for an instant that no JavaScript date can tell. */
export function timestampOf(milliseconds: number | null): string | null {
  if (milliseconds === null) return null;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
