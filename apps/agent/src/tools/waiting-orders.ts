import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import { orderSchema, timestampSchema, type Order } from "@live-orders/protocol/order";
import { z } from "zod";
import { readEntry } from "../watch/entry-reader.ts";
import { inParallel } from "../watch/in-parallel.ts";
import { readWindow, WindowFailure } from "./change-window.ts";
import { orderSnapshot, type OrderFilter } from "./order-snapshot.ts";
import { ToolFailure } from "./read-tool.ts";

/** An order, and since when it has been in its status. */
export const waitingOrderSchema = orderSchema.extend({
  in_status_since: timestampSchema,
  /** Where no history tells, its last change counts. */
  told_by: z.enum(["history", "updated_at"]),
});
export type WaitingOrder = z.infer<typeof waitingOrderSchema>;

type WaitApi = Pick<OrdersApi, "list" | "changes" | "cursorSince" | "history">;

/** Histories of orders that were changed since they came to their status. */
const MAX_HISTORIES = 500;
const WIDTH = 8;

/**
 * Since when each order of a filter has been in its status, the longest first. An order that was created with a date of
 * the past, by an import, has been in it since that date.
 *
 * No order came to its status after its last change. So the changes since the oldest of these tell when all came that
 * did so since; of an order that they tell something else about, its own history is read.
 *
 * @throws ToolFailure
 */
export async function waitingOrders(
  api: WaitApi,
  filter: OrderFilter,
  signal: AbortSignal,
): Promise<readonly WaitingOrder[]> {
  const { orders } = await orderSnapshot(api, filter, signal);
  const oldest = orders.reduce((least, { updated_at }) => (updated_at < least ? updated_at : least), "~");
  if (oldest === "~") return [];
  const { entries, touched } = await entriesSince(api, oldest, signal);
  const unclear = orders.filter(({ id }) => !entries.has(id) && touched.has(id));
  if (unclear.length > MAX_HISTORIES) {
    throw new ToolFailure(
      "Too many orders were changed lately to tell since when each has been in its status",
    );
  }
  const read = await inParallel(unclear, WIDTH, async (order) => {
    const entry = await readEntry(api, order, signal);
    return [order.id, entry.kind === "known" ? entry.at : null] as const;
  });
  const older = new Map(read);
  return orders
    .map((order) => waitingSince(order, entries.get(order.id) ?? older.get(order.id) ?? null))
    .sort((a, b) =>
      a.in_status_since < b.in_status_since ? -1 : a.in_status_since > b.in_status_since ? 1 : a.id - b.id,
    );
}

const waitingSince = (order: Order, entered: string | null): WaitingOrder => ({
  ...order,
  in_status_since: entered ?? order.updated_at,
  told_by: entered === null ? "updated_at" : "history",
});

/** Without a history nothing is told, and the last change of each counts. */
async function entriesSince(api: WaitApi, since: string, signal: AbortSignal) {
  const entries = new Map<number, string>();
  const touched = new Set<number>();
  const take = ({ id, op, at, before, after }: Change): void => {
    touched.add(id);
    // What is known of it ends where it was deleted, or an image is missing.
    if (after === null || (before === null && op === "update")) entries.delete(id);
    else if (before === null) entries.set(id, after.updated_at < at ? after.updated_at : at);
    else if (before.status !== after.status) entries.set(id, at);
  };
  try {
    await readWindow(api, since, take, signal);
  } catch (error) {
    if (!(error instanceof WindowFailure)) throw error;
    entries.clear();
    touched.clear();
  }
  return { entries, touched };
}
