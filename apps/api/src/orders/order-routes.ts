import { etagOf } from "@live-orders/protocol/etag";
import { MAX_BODY, type OrderAnswer } from "@live-orders/protocol/http-orders";
import { orderFieldsSchema, orderPatchSchema } from "@live-orders/protocol/order";
import type { OrderStore } from "@live-orders/store/order-store";
import type { Request, RequestHandler } from "express";
import { readBody, readNoBody } from "../http/body.ts";
import { inTime } from "../http/deadline.ts";
import { NO_QUERY } from "../http/no-query.ts";
import { invalid } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";
import { orderIdOf } from "./order-id.ts";
import { writeOne } from "./order-writer.ts";
import { answerWrite, notFound } from "./write-answers.ts";

/** `GET /api/orders/:id` */
export function getOrder(store: OrderStore): RequestHandler {
  return async (request, response) => {
    const id = orderIdOf(request);
    readQuery(request, NO_QUERY);
    const { order, position } = await inTime(store.get(id));
    if (order === null) throw notFound(id);
    response.set("ETag", etagOf(order)).json({ order, position } satisfies OrderAnswer);
  };
}

/** `PATCH /api/orders/:id` */
export function patchOrder(store: OrderStore): RequestHandler {
  return async (request, response) => {
    const id = orderIdOf(request);
    readQuery(request, NO_QUERY);
    const order = await readBody(request, orderPatchSchema, MAX_BODY.single);
    const operation = { op: "patch" as const, id, order, ...ifMatch(request) };
    answerWrite(response, operation, await writeOne(store, request, operation));
  };
}

/** `PUT /api/orders/:id` with `If-None-Match: *`: creates the order under this id. */
export function putOrder(store: OrderStore): RequestHandler {
  return async (request, response) => {
    const id = orderIdOf(request);
    readQuery(request, NO_QUERY);
    if (request.headers["if-none-match"] !== "*") {
      throw invalid("If-None-Match", "must be *: a PUT creates an order and replaces none");
    }
    const order = await readBody(request, orderFieldsSchema, MAX_BODY.single);
    const operation = { op: "put" as const, id, order };
    answerWrite(response, operation, await writeOne(store, request, operation));
  };
}

/** `DELETE /api/orders/:id` */
export function deleteOrder(store: OrderStore): RequestHandler {
  return async (request, response) => {
    const id = orderIdOf(request);
    readQuery(request, NO_QUERY);
    await readNoBody(request, NO_QUERY, MAX_BODY.single);
    const operation = { op: "delete" as const, id, ...ifMatch(request) };
    answerWrite(response, operation, await writeOne(store, request, operation));
  };
}

function ifMatch(request: Request): { ifMatch?: string } {
  const header = request.headers["if-match"];
  return header === undefined ? {} : { ifMatch: header };
}
