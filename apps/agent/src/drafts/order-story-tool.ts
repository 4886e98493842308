import { describeError } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { z } from "zod";
import type { ModelTool } from "../model/model-tool.ts";

const CHANGES = 20;

/**
 * What happened to the one order that a draft is about. The model can't choose the order: a message to one customer
 * has no room for what another one ordered.
 */
export const orderStoryTool = (api: Pick<OrdersApi, "history">, id: number): ModelTool => ({
  name: "order_story",
  description: "The order's changes, the newest first. It takes no input.",
  input: z.strictObject({}),
  run: async (_input, signal) => {
    const history = await api.history(id, { limit: CHANGES }, { signal, tries: 2 });
    if (!history.ok) return { kind: "failed", reason: describeError(history.error) };
    const changes = history.value.changes.map(({ at, op, before, after }) => ({
      at,
      op,
      from: before?.status ?? null,
      to: after?.status ?? null,
    }));
    return { kind: "done", output: { changes, next: history.value.next } };
  },
});
