import {
  bulkBodySchema,
  MAX_BODY,
  type BulkAnswer,
  type BulkOperation,
} from "@live-orders/protocol/http-orders";
import type { OrderStore } from "@live-orders/store/order-store";
import type { WriteOperation } from "@live-orders/store/write-plan";
import type { RequestHandler } from "express";
import { readBody } from "../http/body.ts";
import { NO_QUERY } from "../http/no-query.ts";
import { readQuery } from "../http/query.ts";
import { requestIdOf } from "../http/request-id.ts";
import { write } from "./order-writer.ts";
import { bulkResult } from "./write-answers.ts";

/** `POST /api/orders/bulk`: all operations in one transaction, each with its own result. */
export function bulkOrders(store: OrderStore): RequestHandler {
  return async (request, response) => {
    readQuery(request, NO_QUERY);
    const body = await readBody(request, bulkBodySchema, MAX_BODY.bulk);
    const operations = body.operations.map(storeOperation);
    const identity = { route: "POST /api/orders/bulk", body: operations };
    const results = await write(store, request, identity, operations);
    const answers = operations.map((operation, index) => {
      const result = results[index];
      if (result === undefined) throw new TypeError("the store gave too few results");
      return bulkResult(operation, result, requestIdOf(request));
    });
    response.json({ results: answers } satisfies BulkAnswer);
  };
}

/** Without the keys that zod leaves as `undefined`. */
function storeOperation(operation: BulkOperation): WriteOperation {
  switch (operation.op) {
    case "create":
      return operation;
    case "put": {
      const { updated_at, ...fields } = operation.order;
      return { ...operation, order: { ...fields, ...(updated_at === undefined ? {} : { updated_at }) } };
    }
    case "patch":
    case "delete": {
      const { ifMatch, ...rest } = operation;
      return { ...rest, ...(ifMatch === undefined ? {} : { ifMatch }) };
    }
  }
}
