import { zodToOpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { changeBatchSchema, changeSchema } from "@live-orders/protocol/change";
import { agentMessageSchema } from "@live-orders/protocol/agent-message";
import { cursorSchema } from "@live-orders/protocol/cursor";
import {
  activitySchema,
  activityStepSchema,
  activityTimesSchema,
  durationsSchema,
  standingSchema,
} from "@live-orders/protocol/http-activity";
import {
  MESSAGES_LIMIT,
  messageBatchSchema,
  messagesPageSchema,
  messagesQuerySchema,
} from "@live-orders/protocol/http-agent";
import { historyQuerySchema, orderHistorySchema } from "@live-orders/protocol/http-history";
import {
  bulkOperationSchema,
  bulkResultSchema,
  countsSchema,
  orderPageSchema,
} from "@live-orders/protocol/http-orders";
import {
  CHANGES_LIMIT,
  changesAnswerSchema,
  changesQuerySchema,
  MAX_WAIT,
} from "@live-orders/protocol/http-changes";
import {
  newOrderSchema,
  orderFieldsSchema,
  orderPatchSchema,
  orderSchema,
} from "@live-orders/protocol/order";
import { orderQuerySchema, PAGE_LIMIT } from "@live-orders/protocol/order-query";
import { positionSchema } from "@live-orders/protocol/position";
import { problemSchema } from "@live-orders/protocol/problem";
import { resetSchema } from "@live-orders/protocol/socket-events";
import { statusSchema } from "@live-orders/protocol/status";
import type { z } from "zod";

const NAMED: readonly (readonly [name: string, schema: z.ZodType, description: string])[] = [
  ["Status", statusSchema, "The state of an order."],
  ["Order", orderSchema, "An order, exactly as of the position that it comes with."],
  ["NewOrder", newOrderSchema, "Names are trimmed; 1 to 200 characters, no control characters."],
  ["OrderFields", orderFieldsSchema, "What a person may set."],
  ["OrderPatch", orderPatchSchema, "At least one of the three."],
  ["Position", positionSchema, "Plain string comparison of two positions gives the commit order."],
  [
    "Cursor",
    cursorSchema,
    "Opaque: all up to here has been seen. The same on every transport, node and after restarts.",
  ],
  ["Change", changeSchema, "One committed change, with the order exactly as it stood before and after it."],
  ["ChangeBatch", changeBatchSchema, "Changes in commit order, and how far they reach."],
  [
    "ChangesAnswer",
    changesAnswerSchema,
    "Changes in commit order; every change up to `position` is in it or came before.",
  ],
  ["OrderPage", orderPageSchema, "All rows as of one instant: exactly the changes up to `position`."],
  ["OrderHistory", orderHistorySchema, "The changes of one order, whole from `since` up to `position`."],
  ["Activity", activitySchema, "What happened to all orders, exactly the changes up to `position`."],
  ["ActivityStep", activityStepSchema, "A step of time: whole multiples of its length since 1970."],
  ["Standing", standingSchema, "How many orders stand in each status."],
  ["ActivityTimes", activityTimesSchema, "How long orders took that arrived within the range."],
  ["Durations", durationsSchema, "In milliseconds, by nearest rank; null of nothing."],
  ["AgentMessage", agentMessageSchema, "A message of the agent's: one for one trigger, order and position."],
  [
    "MessagesPage",
    messagesPageSchema,
    "Messages, the latest written first; the stream goes on from `cursor`.",
  ],
  ["MessageBatch", messageBatchSchema, "The messages that have changed, each once and as it stands."],
  ["Counts", countsSchema, "The orders of each status as of `position`."],
  ["BulkOperation", bulkOperationSchema, "One write. In a `put` the order may carry `updated_at`."],
  ["BulkResult", bulkResultSchema, "What the operation alone would have been answered."],
  ["Reset", resetSchema, "What the reader holds is void: read a new page; the feed goes on from `cursor`."],
  ["Problem", problemSchema, "RFC 9457 problem details."],
];

/** A number in a query is text to its schema, and a number to whoever writes a client. */
const NUMBERS: readonly (readonly [schema: z.ZodType, minimum: number, maximum: number, usual: number])[] = [
  [orderQuerySchema.shape.limit, PAGE_LIMIT.min, PAGE_LIMIT.max, PAGE_LIMIT.default],
  [historyQuerySchema.shape.limit, PAGE_LIMIT.min, PAGE_LIMIT.max, PAGE_LIMIT.default],
  [changesQuerySchema.shape.limit, CHANGES_LIMIT.min, CHANGES_LIMIT.max, CHANGES_LIMIT.default],
  [messagesQuerySchema.shape.limit, MESSAGES_LIMIT.min, MESSAGES_LIMIT.max, MESSAGES_LIMIT.default],
  [changesQuerySchema.shape.wait, 0, MAX_WAIT, 0],
];

/** Gives the protocol's schemas the names under which the document refers to them. May be called again. */
export function nameSchemas(): void {
  for (const [refId, schema, description] of NAMED) {
    zodToOpenAPIRegistry.add(schema, { _internal: { refId }, description });
  }
  for (const [schema, minimum, maximum, usual] of NUMBERS) {
    zodToOpenAPIRegistry.add(schema, { type: "integer", minimum, maximum, default: usual });
  }
}
