import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { CursorParts } from "./cursor-parts.ts";

/**
 * The seam to the database's own log: one a process, whatever the number of readers.
 *
 * The contract of an implementation:
 *
 * - The first event of note is `opened`: everything committed after `at` follows as batches, nothing before it does.
 * - Batches come in commit order. Positions never fall. A batch says: every change up to `position` is in this batch
 *   or in an earlier one. A change is in exactly one batch, however often the stream behind it was reopened.
 * - A batch without changes is a progress mark. One comes at least every second while the stream is alive, even if its
 *   position stands still: it is the sign of life that readiness follows.
 * - When the stream fails in a way that loses nothing, `down` says so once a try and the next batch says that it is
 *   alive again. The implementation goes on trying by itself, with bounded, growing pauses; it never ends by itself.
 * - When what lies between was lost, or the collection is another one, `reset` says so: all that readers hold is void,
 *   and the feed goes on from `at`.
 * - It reads ahead of its consumer by a bounded number of bytes only.
 */
export interface ChangeSource {
  /** Runs until `signal` aborts, then ends without an error. To be called once. */
  events(signal: AbortSignal): AsyncIterable<SourceEvent>;
}

export type SourceEvent =
  | { readonly kind: "opened"; readonly at: CursorParts }
  | { readonly kind: "batch"; readonly changes: readonly Change[]; readonly position: Position }
  | { readonly kind: "reset"; readonly reason: ResetReason; readonly at: CursorParts }
  | {
      readonly kind: "down";
      readonly cause: StreamFailure;
      readonly detail: string;
      readonly retryInMs: number;
    };

/** Why a stream ended. Each cause has one answer. */
export type StreamFailure =
  "resumable" | "history-lost" | "collection-gone" | "too-large" | "not-a-replica-set" | "denied" | "silent";
