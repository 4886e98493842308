import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import { z } from "zod";
import type { Database } from "./database.ts";
import { type Mend, NOW_COLUMNS, nowSchema, readAsOfNow } from "./feed-state.ts";
import { ORDER_COLUMNS, orderOf, type OrderRow, orderRowSchema } from "./order-image.ts";
import { positionOf } from "./postgres-position.ts";

/** The position of now, with an order's columns or with nulls where there is no row. */
export const rowOfNowSchema = z.union([
  z.object({ ...nowSchema.shape, ...orderRowSchema.shape }),
  z.object({ ...nowSchema.shape, id: z.null() }),
]);

/** The row's own columns, if there is a row. */
export function rowIn(row: z.infer<typeof rowOfNowSchema>): OrderRow[] {
  return row.id === null ? [] : [orderRowSchema.parse(row)];
}

const GET = `SELECT ${NOW_COLUMNS}, ${ORDER_COLUMNS} FROM live_orders.now n
  LEFT JOIN LATERAL (SELECT * FROM public.orders WHERE id = $1) o ON true`;

/** One order, as of `position`. */
export async function readOrder(
  database: Database,
  mend: Mend,
  id: number,
): Promise<{ order: Order | null; position: Position }> {
  const [row] = await readAsOfNow(database, mend, { text: GET, values: [id] }, rowOfNowSchema);
  const [found] = rowIn(row);
  return { order: found ? orderOf(found) : null, position: positionOf(row.now_seq) };
}
