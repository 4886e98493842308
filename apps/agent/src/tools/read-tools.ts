import type { OrdersApi } from "@live-orders/client/orders-api";
import { countOrders } from "./count-orders.ts";
import { findOrders } from "./find-orders.ts";
import { orderHistory } from "./order-history.ts";
import { recentChanges } from "./recent-changes.ts";

/** What the tools need of the API: nothing that writes. */
export type ReadApi = Pick<OrdersApi, "list" | "counts" | "get" | "history" | "changes" | "cursorSince">;

/** All tools that there are, by name. */
export const readTools = (api: ReadApi) => ({
  find_orders: findOrders(api),
  count_orders: countOrders(api),
  order_history: orderHistory(api),
  recent_changes: recentChanges(api),
});
export type ReadTools = ReturnType<typeof readTools>;
