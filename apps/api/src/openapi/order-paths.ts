import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { idempotencyKeySchema } from "@live-orders/protocol/change";
import { historyQuerySchema, orderHistorySchema } from "@live-orders/protocol/http-history";
import {
  bulkAnswerSchema,
  bulkBodySchema,
  countsSchema,
  orderAnswerSchema,
  orderPageSchema,
} from "@live-orders/protocol/http-orders";
import {
  newOrderSchema,
  orderFieldsSchema,
  orderIdSchema,
  orderPatchSchema,
} from "@live-orders/protocol/order";
import { countsQuerySchema, exportQuerySchema, orderQuerySchema } from "@live-orders/protocol/order-query";
import { z } from "zod";
import { jsonAnswer, problemAnswers } from "./answers.ts";

const params = z.object({ id: orderIdSchema });
const idempotency = z.object({ "Idempotency-Key": idempotencyKeySchema.optional() });
const precondition = idempotency.extend({ "If-Match": z.string().optional() });
const etag = { ETag: z.string() };
const json = (schema: z.ZodType) => ({ required: true, content: { "application/json": { schema } } });

/** The routes of `/api/orders`. */
export const orderPaths: readonly RouteConfig[] = [
  {
    method: "get",
    path: "/api/orders",
    summary: "A page of orders",
    description:
      "`status` may repeat. `q`: part of either name in any case, or an id. `limit`: 1 to 500 (100).",
    request: { query: orderQuerySchema },
    responses: { ...jsonAnswer(200, "All rows as of one instant", orderPageSchema), ...problemAnswers() },
  },
  {
    method: "get",
    path: "/api/orders.csv",
    summary: "All orders of a filter as a CSV file (RFC 4180)",
    description:
      "`status`, `q` and `sort` as for the list; as of one instant. A name that a spreadsheet would run as a formula " +
      "has a `'` before it. A file that could not be read to its end breaks off as a failed transfer.",
    request: { query: exportQuerySchema },
    responses: {
      200: {
        description: "A header line, then one line for each order",
        headers: z.object({ "X-Request-Id": z.string(), "Content-Disposition": z.string() }),
        content: { "text/csv": { schema: z.string() } },
      },
      ...problemAnswers("rate-limited"),
    },
  },
  {
    method: "post",
    path: "/api/orders",
    summary: "Create an order",
    description: "With an `Idempotency-Key` a repeat gives the first answer again, for 24 h and on any node.",
    request: { headers: idempotency, body: json(newOrderSchema) },
    responses: {
      ...jsonAnswer(201, "Created", orderAnswerSchema, { ...etag, Location: z.string() }),
      ...problemAnswers("too-large", "key-conflict"),
    },
  },
  {
    method: "get",
    path: "/api/orders/counts",
    summary: "How many orders of each status",
    request: { query: countsQuerySchema },
    responses: { ...jsonAnswer(200, "The counts", countsSchema), ...problemAnswers() },
  },
  {
    method: "post",
    path: "/api/orders/bulk",
    summary: "Up to 1,000 writes in one transaction, in order, each with its own result",
    request: { headers: idempotency, body: json(bulkBodySchema) },
    responses: {
      ...jsonAnswer(
        200,
        "One result for each operation. A body that breaks the schema anywhere is refused whole, and changes nothing.",
        bulkAnswerSchema,
      ),
      ...problemAnswers("too-large", "key-conflict"),
    },
  },
  {
    method: "get",
    path: "/api/orders/{id}",
    summary: "An order",
    request: { params },
    responses: { ...jsonAnswer(200, "The order", orderAnswerSchema, etag), ...problemAnswers("not-found") },
  },
  {
    method: "put",
    path: "/api/orders/{id}",
    summary: "Create an order under a given id",
    description: "Undo and import: 412 with `current` if an order stands there.",
    request: {
      params,
      headers: idempotency.extend({ "If-None-Match": z.literal("*") }),
      body: json(orderFieldsSchema),
    },
    responses: {
      ...jsonAnswer(201, "Created", orderAnswerSchema, { ...etag, Location: z.string() }),
      ...problemAnswers("stale", "too-large", "key-conflict"),
    },
  },
  {
    method: "patch",
    path: "/api/orders/{id}",
    summary: "Change an order",
    description:
      "Of concurrent edits with the same `If-Match` exactly one wins. No change: 200, nothing written.",
    request: { params, headers: precondition, body: json(orderPatchSchema) },
    responses: {
      ...jsonAnswer(200, "The order as it is now", orderAnswerSchema, etag),
      ...problemAnswers("not-found", "stale", "too-large", "key-conflict"),
    },
  },
  {
    method: "delete",
    path: "/api/orders/{id}",
    summary: "Delete an order",
    request: { params, headers: precondition },
    responses: {
      ...jsonAnswer(200, "The order as it was", orderAnswerSchema),
      ...problemAnswers("not-found", "stale", "too-large", "key-conflict"),
    },
  },
  {
    method: "get",
    path: "/api/orders/{id}/history",
    summary: "The changes of an order, newest first",
    description:
      "Of a deleted order, too. `limit`: 1 to 500 (100). Whole from `since` up to `position`: the later changes come " +
      "by the feed, of the earlier ones some may be missing. Both are null where no history is kept (`HISTORY_DAYS=0`).",
    request: { params, query: historyQuerySchema },
    responses: {
      ...jsonAnswer(200, "The changes of every writer, with both images", orderHistorySchema),
      ...problemAnswers(),
    },
  },
];
