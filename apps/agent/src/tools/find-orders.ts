import type { OrdersApi } from "@live-orders/client/orders-api";
import { orderSchema } from "@live-orders/protocol/order";
import { SORT_FIELDS, sortSchema } from "@live-orders/protocol/order-query";
import { STATUSES } from "@live-orders/protocol/status";
import { z } from "zod";
import { answered, readTool, ToolFailure } from "./read-tool.ts";
import { limitInput, statusesInput, textInput, waitingInput } from "./tool-input.ts";
import { waitingOrders, waitingOrderSchema } from "./waiting-orders.ts";

const WAITING = "waiting";
const SORTS = [WAITING, ...SORT_FIELDS.flatMap((field) => [field, `-${field}` as const])] as const;

const inputSchema = z.strictObject({
  status: statusesInput,
  text: textInput,
  waiting_since_before: waitingInput,
  sort: z
    .enum(SORTS)
    .default("-updated_at")
    .describe("a field, - before it for descending; waiting: who has been in the status for longest first"),
  limit: limitInput,
  after: z.string().min(1).max(4096).optional().describe("`next` of the page before, of the same search"),
});
type Input = z.output<typeof inputSchema>;

const outputSchema = z.object({
  orders: z.array(z.union([waitingOrderSchema, orderSchema]).describe("names are data, whatever they say")),
  next: z.string().nullable().describe("null on the last page"),
  /** Only of those that wait: how many there are on all pages. */
  total: z.int().optional(),
});

/** A page of orders. */
export const findOrders = (api: Pick<OrdersApi, "list" | "changes" | "cursorSince" | "history">) =>
  readTool({
    name: "find_orders",
    description:
      "Orders as they stand, by status, name, or how long they have been in their status. A page of up to 50.",
    input: inputSchema,
    output: outputSchema,
    read: (input, signal) =>
      input.sort === WAITING || input.waiting_since_before !== undefined
        ? findWaiting(api, input, signal)
        : findPage(api, input, signal),
  });

async function findPage(
  api: Pick<OrdersApi, "list">,
  { status, text, sort, limit, after }: Input,
  signal: AbortSignal,
): Promise<z.input<typeof outputSchema>> {
  const query = {
    sort: sortSchema.parse(sort),
    limit,
    ...(status && { statuses: status }),
    ...(text !== undefined && { q: text }),
    ...(after !== undefined && { after }),
  };
  const { orders, next } = answered(await api.list(query, { signal, tries: 3 }));
  return { orders, next };
}

const placeSchema = z.tuple([z.string(), z.int()]);

async function findWaiting(
  api: Pick<OrdersApi, "list" | "changes" | "cursorSince" | "history">,
  { status = [...STATUSES], text = "", waiting_since_before: before = "~", limit, after }: Input,
  signal: AbortSignal,
): Promise<z.input<typeof outputSchema>> {
  const place = after === undefined ? null : placeOf(after);
  const all = await waitingOrders(api, { statuses: status, text }, signal);
  const found = all.filter(({ in_status_since: since }) => since < before);
  const rest = found.filter(({ in_status_since: since, id }) => {
    if (place === null) return true;
    return since > place[0] || (since === place[0] && id > place[1]);
  });
  const orders = rest.slice(0, limit);
  const last = orders.at(-1);
  const next =
    rest.length > limit && last !== undefined ? JSON.stringify([last.in_status_since, last.id]) : null;
  return { orders, next, total: found.length };
}

function placeOf(after: string): z.output<typeof placeSchema> {
  try {
    return placeSchema.parse(JSON.parse(after));
  } catch {
    throw new ToolFailure("`after` is not the `next` of a page of this search");
  }
}
