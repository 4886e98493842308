import { STATUSES } from "@live-orders/protocol/status";
import { type Collection, Int32 } from "mongodb";
import { setTimeout as delay } from "node:timers/promises";
import type { OrderRow } from "./workload.ts";

/** The order with this id, the same each time: thousands of names, each borne by some, dates a minute apart. */
export const orderAt = (id: number) => ({
  _id: new Int32(id),
  customer_name: `Customer ${((id * 7919) % 20_011).toString().padStart(5, "0")}`,
  product_name: `Product ${((id * 104_729) % 5003).toString().padStart(4, "0")} of a longer name, as they are`,
  status: STATUSES[id % STATUSES.length] ?? "pending",
  updated_at: new Date(Date.UTC(2024, 0, 1) + ((id * 15_485_863) % 1_000_003) * 60_000),
});

const BATCH = 5000;

/** Inserts the orders from `from` up to `to` by bare, unordered batches. */
export async function insertOrders(rows: Collection<OrderRow>, from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += BATCH) {
    const last = Math.min(to, first + BATCH - 1);
    const batch = Array.from({ length: last - first + 1 }, (_, index) => orderAt(first + index));
    await rows.insertMany(batch, { ordered: false });
    // A turn for whoever waits.
    await delay(0);
  }
}
