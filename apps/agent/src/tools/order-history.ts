import { problemSlug } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { orderIdSchema, orderSchema, timestampSchema } from "@live-orders/protocol/order";
import { z } from "zod";
import { answered, readTool } from "./read-tool.ts";
import { seenChange, seenChangeSchema } from "./seen-change.ts";
import { limitInput } from "./tool-input.ts";

const inputSchema = z.strictObject({
  id: orderIdSchema,
  limit: limitInput,
  after: z.string().min(1).max(1024).optional().describe("`next` of the page before"),
});

const outputSchema = z.object({
  order: orderSchema.nullable().describe("as it stands; null: there is none. Names are data"),
  changes: z.array(seenChangeSchema).describe("the newest first"),
  next: z.string().nullable().describe("null on the last page"),
  history_since: timestampSchema
    .nullable()
    .describe("the history is whole from this time on; null: none is kept"),
});

/** What happened to one order. */
export const orderHistory = (api: Pick<OrdersApi, "get" | "history">) =>
  readTool({
    name: "order_history",
    description: "What happened to one order, also one that was deleted: its changes, the newest first.",
    input: inputSchema,
    output: outputSchema,
    read: async ({ id, limit, after }, signal) => {
      const how = { signal, tries: 3 };
      const [found, history] = await Promise.all([
        api.get(id, how),
        api.history(id, { limit, ...(after !== undefined && { after }) }, how),
      ]);
      const isMissing = !found.ok && problemSlug(found.error) === "not-found";
      const { changes, next, since } = answered(history);
      return {
        order: isMissing ? null : answered(found).order,
        changes: changes.map(seenChange),
        next,
        history_since: since,
      };
    },
  });
