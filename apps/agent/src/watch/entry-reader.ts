import { describeError } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { statusEntry, type StatusEntry } from "../triggers/status-entry.ts";

const PAGE = 50;
/** Pages of one order's history; of one that changed more often since it came to its status, the entry is unknown. */
const MAX_PAGES = 20;

/** When an order came to the status that it has, by its history. @throws Error if the server does not answer */
export async function readEntry(
  api: Pick<OrdersApi, "history">,
  order: Order,
  signal: AbortSignal,
): Promise<Exclude<StatusEntry, { kind: "older" }>> {
  const changes: Change[] = [];
  let after: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const query = { limit: PAGE, ...(after !== undefined && { after }) };
    const answer = await api.history(order.id, query, { signal, tries: 3 });
    if (!answer.ok) throw new Error(describeError(answer.error));
    changes.push(...answer.value.changes);
    const next = pages < MAX_PAGES ? answer.value.next : null;
    const entry = statusEntry(order, changes, { ...answer.value, next });
    if (entry.kind !== "older") return entry;
    after = answer.value.next ?? undefined;
  }
}
