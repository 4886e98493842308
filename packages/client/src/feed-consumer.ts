import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { Status } from "@live-orders/protocol/status";
import type { ApiResult } from "./api-error.ts";

/** Why the feed asks where to begin. */
export type FeedBeginning =
  | { readonly kind: "start" }
  | { readonly kind: "switch" }
  /** What the consumer holds is void. Without reading a snapshot, the feed can go on from `cursor`. */
  | { readonly kind: "reset"; readonly reason: ResetReason; readonly cursor: Cursor };

export interface FeedPlace {
  readonly statuses: readonly Status[];
  /** The changes after this one; nothing for those from now on. */
  readonly after?: Cursor;
  /** The position of `after`, if it is known: no change at or before it is handed over. */
  readonly position?: Position;
}

/** Whoever reads the feed. */
export interface FeedConsumer {
  /**
   * Where to begin: at the start, when other statuses are wanted, and after a reset. May read a page first. When it
   * fails for a while (`isTransient`), the feed waits and asks again; otherwise it ends as `refused`. Rejecting counts
   * as a failure for a while. The signal aborts when the answer is not wanted any more.
   */
  begin(beginning: FeedBeginning, signal: AbortSignal): Promise<ApiResult<FeedPlace>>;
  /**
   * Takes the next changes, in commit order, each once. The feed's cursor moves only after it has returned (or
   * resolved); when it throws, the feed reconnects and the same changes come again. An empty batch only moves the
   * cursor.
   */
  apply(batch: ChangeBatch): void | Promise<void>;
  counts?(counts: Counts): void;
}
