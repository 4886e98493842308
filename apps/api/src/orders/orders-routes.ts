import { MAX_BODY, type Counts, type OrderPage } from "@live-orders/protocol/http-orders";
import { newOrderSchema } from "@live-orders/protocol/order";
import {
  countsQuerySchema,
  DEFAULT_SORT,
  orderQuerySchema,
  PAGE_LIMIT,
} from "@live-orders/protocol/order-query";
import { STATUSES, statusSet } from "@live-orders/protocol/status";
import { encodeCursor } from "@live-orders/store/cursor-parts";
import type { OrderStore } from "@live-orders/store/order-store";
import type { RequestHandler } from "express";
import { readBody } from "../http/body.ts";
import { inTime } from "../http/deadline.ts";
import { NO_QUERY } from "../http/no-query.ts";
import { invalid } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";
import { writeOne } from "./order-writer.ts";
import { answerWrite } from "./write-answers.ts";

/** `GET /api/orders` */
export function listOrders(store: OrderStore): RequestHandler {
  return async (request, response) => {
    const {
      status = STATUSES,
      q = "",
      sort = DEFAULT_SORT,
      limit,
      after,
    } = readQuery(request, orderQuerySchema);
    const query = { statuses: statusSet(status), q, sort, limit: limit ?? PAGE_LIMIT.default };
    const answer = await inTime(store.page({ ...query, after: after ?? null }));
    if (answer.kind === "bad-page-cursor") {
      throw invalid("after", "is not the `next` of a page of this query");
    }
    const { orders, next, at } = answer;
    const page = { orders: [...orders], next, position: at.position, cursor: encodeCursor(at) };
    response.json(page satisfies OrderPage);
  };
}

/** `POST /api/orders` */
export function createOrder(store: OrderStore): RequestHandler {
  return async (request, response) => {
    readQuery(request, NO_QUERY);
    const order = await readBody(request, newOrderSchema, MAX_BODY.single);
    const operation = { op: "create" as const, order };
    answerWrite(response, operation, await writeOne(store, request, operation));
  };
}

/** `GET /api/orders/counts` */
export function countOrders(store: OrderStore): RequestHandler {
  return async (request, response) => {
    const { q = "" } = readQuery(request, countsQuerySchema);
    response.json((await inTime(store.counts(q))) satisfies Counts);
  };
}
