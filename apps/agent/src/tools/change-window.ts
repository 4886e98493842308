import { problemSlug } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import { answered, ToolFailure } from "./read-tool.ts";

export interface ChangeWindow {
  /** RFC 3339: later than what was asked for if the history begins later. */
  readonly since: string;
  /** The history does not reach back to what was asked for. */
  readonly isCut: boolean;
  /** The changes of the window follow it. */
  readonly from: Cursor;
  /** All of the window has been taken. */
  readonly to: Cursor;
}

/** The changes of a time can't be told, now or later. */
export class WindowFailure extends ToolFailure {}

const PAGE = 1000;
/** Changes of one window. */
const MAX_CHANGES = 50_000;

/**
 * Every change from an instant on until now, the oldest first.
 *
 * @throws WindowFailure if there are too many, or no history is kept
 */
export async function readWindow(
  api: Pick<OrdersApi, "changes" | "cursorSince">,
  since: string,
  take: (change: Change) => void,
  signal: AbortSignal,
): Promise<ChangeWindow> {
  const how = { signal, tries: 3 };
  const place = await api.cursorSince(since, how);
  if (!place.ok && problemSlug(place.error) === "history-lost") {
    throw new WindowFailure("No history of changes is kept, so what happened in the past is not known");
  }
  const { cursor: from, since: reached, cut } = answered(place);
  let after = from;
  let first = reached;
  for (let read = 0; read < MAX_CHANGES; read += PAGE) {
    const batch = answered(await api.changes({ after, limit: PAGE }, how));
    for (const change of batch.changes) {
      if (change.at < since) continue;
      // The history tells its beginning to the second.
      if (change.at < first) first = change.at;
      take(change);
    }
    after = batch.cursor;
    if (!batch.more) return { since: first, isCut: cut !== null, from, to: after };
  }
  throw new WindowFailure(
    `There are more than ${MAX_CHANGES} changes since ${since}: ask for a shorter time`,
  );
}
