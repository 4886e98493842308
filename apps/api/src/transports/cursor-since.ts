import { changesCursorQuerySchema, type ChangesCursor } from "@live-orders/protocol/http-changes";
import { encodeCursor } from "@live-orders/store/cursor-parts";
import type { OrderActivity } from "@live-orders/store/order-activity";
import type { RequestHandler } from "express";
import { inTime } from "../http/deadline.ts";
import { ProblemError } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";

/** `GET /api/changes/cursor`: where the changes of a time begin. */
export function readCursorSince({ activity }: { readonly activity: OrderActivity }): RequestHandler {
  return async (request, response) => {
    const { since } = readQuery(request, changesCursorQuerySchema);
    const place = await inTime(activity.placeBefore(Date.parse(since)));
    if (place === null) throw new ProblemError("history-lost", { detail: "No history is kept" });
    response.json({
      cursor: encodeCursor(place.at),
      since: new Date(place.sinceMs).toISOString(),
      cut: place.cut === null ? null : "history",
    } satisfies ChangesCursor);
  };
}
