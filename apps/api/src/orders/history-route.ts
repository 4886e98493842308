import { historyQuerySchema, type OrderHistoryPage } from "@live-orders/protocol/http-history";
import { PAGE_LIMIT } from "@live-orders/protocol/order-query";
import type { Relay } from "@live-orders/relay/relay";
import type { OrderHistory } from "@live-orders/store/order-history";
import type { RequestHandler } from "express";
import { inTime } from "../http/deadline.ts";
import { invalid } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";
import { decodeHistoryCursor, encodeHistoryCursor } from "./history-cursor.ts";
import { orderIdOf } from "./order-id.ts";

const badCursor = () => invalid("after", "is not the `next` of a page of this order's history");

/**
 * `GET /api/orders/:id/history`: of an order that was deleted, too. Without changes the history's own end stays where it
 * is, and the feed tells how far that is true.
 */
export function readHistory(history: OrderHistory, relay: Pick<Relay, "unchangedSince">): RequestHandler {
  return async (request, response) => {
    const id = orderIdOf(request);
    const { limit = PAGE_LIMIT.default, after } = readQuery(request, historyQuerySchema);
    const before = after === undefined ? null : decodeHistoryCursor(id, after);
    if (after !== undefined && before === null) throw badCursor();
    const answer = await inTime(history.of(id, { limit, before }));
    if (answer === null) throw badCursor();
    const { changes, next, kept } = answer;
    response.json({
      changes: [...changes],
      next: next === null ? null : encodeHistoryCursor(id, next),
      position: kept && (relay.unchangedSince(kept.position) ?? kept.position),
      since: kept?.since ?? null,
    } satisfies OrderHistoryPage);
  };
}
