import type { OrderListQuery, OrdersApi } from "@live-orders/client/orders-api";
import type { Order } from "@live-orders/protocol/order";
import { PAGE_LIMIT } from "@live-orders/protocol/order-query";
import { valueOf } from "./terminal/api-failure.ts";

/** Tries of one page: an export outlives a server's restart. */
const TRIES = 8;

/**
 * The pages of a list, one after the other, at most `most` orders in all. Each is as of its own instant.
 *
 * @throws CliFailure
 */
export async function* orderPages(
  api: Pick<OrdersApi, "list">,
  query: Omit<OrderListQuery, "after" | "limit">,
  { url, signal, most }: { readonly url: string; readonly signal: AbortSignal; readonly most: number },
): AsyncGenerator<readonly Order[]> {
  let left = most;
  let after: string | null | undefined;
  while (left > 0 && after !== null) {
    const limit = Math.min(left, PAGE_LIMIT.max);
    const tries = after === undefined ? 1 : TRIES;
    const page = valueOf(
      await api.list({ ...query, limit, ...(after !== undefined && { after }) }, { signal, tries }),
      url,
    );
    yield page.orders;
    left -= page.orders.length;
    after = page.next;
  }
}
