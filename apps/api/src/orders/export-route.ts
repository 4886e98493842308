import { DEFAULT_SORT, exportQuerySchema } from "@live-orders/protocol/order-query";
import { STATUSES, statusSet } from "@live-orders/protocol/status";
import type { OrderStore } from "@live-orders/store/order-store";
import type { RequestHandler } from "express";
import { ProblemError } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";
import { CSV_HEADERS, CsvDownload, DownloadEndedError } from "./csv-download.ts";

/** Each holds an instant of the database, and a connection. */
const MAX_AT_ONCE = 3;

/** `GET /api/orders.csv`: all orders of a filter as of one instant, streamed. */
export function exportOrders(store: OrderStore): RequestHandler {
  let underWay = 0;
  return async (request, response) => {
    const { status = STATUSES, q = "", sort = DEFAULT_SORT } = readQuery(request, exportQuerySchema);
    if (request.method === "HEAD") {
      response.writeHead(200, CSV_HEADERS).end();
      return;
    }
    if (underWay >= MAX_AT_ONCE) {
      throw new ProblemError("rate-limited", { detail: "Other exports are under way: try again soon" });
    }
    underWay += 1;
    const download = new CsvDownload(response);
    try {
      await store.export({ statuses: statusSet(status), q, sort }, (orders) => download.send(orders));
      download.end();
    } catch (error) {
      if (!(error instanceof DownloadEndedError)) throw error;
      response.destroy();
    } finally {
      underWay -= 1;
    }
  };
}
