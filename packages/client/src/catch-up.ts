import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { ChangesAnswer } from "@live-orders/protocol/http-changes";
import type { Position } from "@live-orders/protocol/position";
import type { Problem } from "@live-orders/protocol/problem";
import type { Status } from "@live-orders/protocol/status";
import { problemSlug, type ApiError, type ApiResult } from "./api-error.ts";
import type { OrdersApi } from "./orders-api.ts";

/** How catching up over `GET /api/changes` ended. */
export type CatchUpEnd =
  | {
      readonly kind: "caught-up";
      readonly position: Position;
      readonly cursor: Cursor;
      readonly replayed: number;
    }
  /** The history is gone; `cursor` is that of now. */
  | { readonly kind: "history-lost"; readonly position: Position; readonly cursor: Cursor }
  | { readonly kind: "refused"; readonly problem: Problem }
  | { readonly kind: "failed"; readonly error: ApiError }
  | { readonly kind: "aborted" };

export interface CatchUpOptions {
  readonly api: OrdersApi;
  readonly statuses: readonly Status[];
  /** Nothing: only the cursor of now is asked for. */
  readonly after?: Cursor;
  readonly signal: AbortSignal;
  readonly take: (batch: ChangeBatch) => void;
}

/** Reads what was missed since a cursor, page after page, as far as it goes. */
export async function catchUp(options: CatchUpOptions): Promise<CatchUpEnd> {
  const { api, signal } = options;
  let { after } = options;
  let replayed = 0;
  for (;;) {
    const answer = await readChanges({ ...options, ...(after !== undefined && { after }), wait: 0 });
    if (signal.aborted) return { kind: "aborted" };
    if (!answer.ok) return endedBy(api, answer.error, signal);
    const { changes, position, cursor, more } = answer.value;
    replayed += changes.length;
    if (!more) return { kind: "caught-up", position, cursor, replayed };
    after = cursor;
  }
}

/** One `GET /api/changes`; what came is handed to `take`, unless it came too late. */
export async function readChanges({
  api,
  statuses,
  after,
  signal,
  take,
  wait,
}: CatchUpOptions & { readonly wait: number }): Promise<ApiResult<ChangesAnswer>> {
  const query = { statuses, wait, ...(after !== undefined && { after }) };
  const answer = await api.changes(query, { signal });
  if (signal.aborted || !answer.ok || answer.value.cursor === after) return answer;
  const { changes, position, cursor } = answer.value;
  take({ changes, position, cursor });
  return answer;
}

/** What an error means for a reader: a lost history is no failure, the feed goes on from now. */
export async function endedBy(api: OrdersApi, error: ApiError, signal: AbortSignal): Promise<CatchUpEnd> {
  if (problemSlug(error) === "history-lost") {
    const now = await api.changes({}, { signal });
    if (signal.aborted) return { kind: "aborted" };
    if (!now.ok) return { kind: "failed", error: now.error };
    return { kind: "history-lost", position: now.value.position, cursor: now.value.cursor };
  }
  return error.kind === "problem" ? { kind: "refused", problem: error.problem } : { kind: "failed", error };
}
