import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { z } from "zod";
import { orderSnapshot } from "./order-snapshot.ts";
import { answered, readTool } from "./read-tool.ts";
import { limitInput, statusesInput, textInput, waitingInput } from "./tool-input.ts";
import { waitingOrders } from "./waiting-orders.ts";

const inputSchema = z.strictObject({
  status: statusesInput,
  text: textInput,
  waiting_since_before: waitingInput,
  by: z.enum(["status", "customer", "product"]).default("status").describe("what the groups are made by"),
  limit: limitInput.describe("how many groups at most, the largest first"),
});
type Input = z.output<typeof inputSchema>;

const outputSchema = z.object({
  total: z.int().describe("orders"),
  groups: z.array(z.object({ name: z.string(), count: z.int() })),
  groups_total: z.int().describe("groups, those that are left out too"),
});

type CountApi = Pick<OrdersApi, "list" | "counts" | "changes" | "cursorSince" | "history">;

/** How many orders there are. */
export const countOrders = (api: CountApi) =>
  readTool({
    name: "count_orders",
    description:
      "How many orders stand there, by status, customer or product; also only those that have been in their status for long.",
    input: inputSchema,
    output: outputSchema,
    read: async ({ by, limit, ...filter }, signal) => {
      const counts = await (by === "status" && filter.waiting_since_before === undefined
        ? countByStatus(api, filter, signal)
        : countByName(api, filter, by, signal));
      const groups = [...counts].map(([name, count]) => ({ name, count })).sort(largestFirst);
      const total = groups.reduce((sum, { count }) => sum + count, 0);
      return { total, groups: groups.slice(0, limit), groups_total: groups.length };
    },
  });

const largestFirst = (a: { name: string; count: number }, b: { name: string; count: number }): number =>
  b.count - a.count || (a.name < b.name ? -1 : 1);

type Filter = Omit<Input, "by" | "limit">;

async function countByStatus(
  api: Pick<OrdersApi, "counts">,
  { status = [...STATUSES], text }: Filter,
  signal: AbortSignal,
): Promise<ReadonlyMap<Status, number>> {
  const counts = answered(await api.counts(text, { signal, tries: 3 }));
  return new Map(STATUSES.filter((one) => status.includes(one)).map((one) => [one, counts[one]]));
}

const NAME_OF = {
  status: (order: Order) => order.status,
  customer: (order: Order) => order.customer_name,
  product: (order: Order) => order.product_name,
} as const;

async function countByName(
  api: CountApi,
  { status = [...STATUSES], text = "", waiting_since_before: before }: Filter,
  by: Input["by"],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const filter = { statuses: status, text };
  const orders: readonly Order[] =
    before === undefined
      ? (await orderSnapshot(api, filter, signal)).orders
      : (await waitingOrders(api, filter, signal)).filter((order) => order.in_status_since < before);
  const counts = new Map<string, number>();
  for (const order of orders) {
    const name = NAME_OF[by](order);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
