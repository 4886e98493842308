import { problemSlug } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { cursorSchema } from "@live-orders/protocol/cursor";
import { z } from "zod";
import { answered, readTool } from "../tools/read-tool.ts";
import { seenChange, seenChangeSchema } from "../tools/seen-change.ts";
import { limitInput, statusesInput } from "../tools/tool-input.ts";

const inputSchema = z.strictObject({
  after: cursorSchema.optional().describe("the cursor of the answer before; none: from now on"),
  status: statusesInput.describe("only changes of orders that are, or were, in these statuses"),
  wait_seconds: z.int().min(0).max(25).default(20).describe("how long to wait if nothing has changed"),
  limit: limitInput,
});

const outputSchema = z.object({
  changes: z.array(seenChangeSchema).describe("in the order of commits; none if nothing changed in time"),
  cursor: cursorSchema.describe("for `after` of the next call: nothing is missed in between"),
  more: z.boolean().describe("call again at once"),
  reset: z
    .literal("history-lost")
    .nullable()
    .describe("the changes after the cursor are gone: read the orders anew, and go on from the new cursor"),
});

/** The feed: answers as soon as something has changed, and no later than its wait. */
export const waitForChange = (api: Pick<OrdersApi, "changes">) =>
  readTool({
    name: "wait_for_change",
    description:
      "Waits for the next changes of orders after a cursor. Nothing is missed between two calls; a gap is told by reset.",
    input: inputSchema,
    output: outputSchema,
    read: async ({ after, status, wait_seconds: wait, limit }, signal) => {
      const statuses = status && { statuses: status };
      const from = after ?? answered(await api.changes({ ...statuses }, { signal })).cursor;
      const batch = await api.changes({ ...statuses, after: from, limit, wait }, { signal });
      if (!batch.ok && problemSlug(batch.error) === "history-lost") {
        const { cursor } = answered(await api.changes({ ...statuses }, { signal }));
        return { changes: [], cursor, more: false, reset: "history-lost" as const };
      }
      const { changes, cursor, more } = answered(batch);
      return { changes: changes.map(seenChange), cursor, more, reset: null };
    },
  });
