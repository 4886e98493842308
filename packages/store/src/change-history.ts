import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { CursorParts } from "./cursor-parts.ts";

/**
 * A rung of the catch-up ladder below the log in RAM: something durable that can be read from a cursor on.
 *
 * `read` yields batches in commit order under the rule of `ChangeSource`: every change after `after` and up to
 * `position` is in this batch or an earlier one, changes at or before `after` are in none. It tails (an empty batch is
 * a progress mark, at least every second) until its consumer stops or `signal` aborts; both free what it holds. `lost`
 * is its last event: this rung no longer reaches back to `after`, or `after` belongs to another generation. Any other
 * failure throws `StoreUnavailableError`.
 */
export interface ChangeHistory {
  /** The rung's name, for the metrics. */
  readonly rung: "history" | "database";
  read(after: CursorParts, signal: AbortSignal): AsyncIterable<HistoryEvent>;
}

export type HistoryEvent =
  | { readonly kind: "batch"; readonly changes: readonly Change[]; readonly position: Position }
  | { readonly kind: "lost"; readonly reason: ResetReason };
