import { describeError } from "@live-orders/client/api-error";
import type { OrderListQuery, OrdersApi } from "@live-orders/client/orders-api";
import type { OrderPage } from "@live-orders/protocol/http-orders";

/** 100,000 orders. */
const MAX_PAGES = 200;
const PAGE = 500;

/** The pages of a list, each as of its own instant, at most 200 of 500. @throws Error if the server does not answer */
export async function* orderPages(
  api: Pick<OrdersApi, "list">,
  query: Pick<OrderListQuery, "statuses" | "q" | "sort">,
  signal: AbortSignal,
): AsyncGenerator<OrderPage> {
  let after: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await api.list(
      { ...query, limit: PAGE, ...(after !== null && { after }) },
      { signal, tries: 3 },
    );
    if (!page.ok) throw new Error(describeError(page.error));
    yield page.value;
    after = page.value.next;
    if (after === null) return;
  }
}
