import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { CursorParts } from "./cursor-parts.ts";

/**
 * The seam to a durable history that is filled from the feed, by one node at a time: the one that holds the lease.
 *
 * A lease is over when it was not renewed for `leaseMs`, and still its holder's until another node takes it: a holder
 * with nothing to record need not write.
 *
 * A node that stops, or dies, leaves the lease to another, which goes on where the history ends. Whatever the two do in
 * between, the history holds each change once: a row's place is the change's own position, so that it may be written
 * again, and where the history ends is moved only by the node that holds the lease.
 *
 * Every method answers within 5 s or throws `StoreUnavailableError`.
 */
export interface ChangeArchive {
  /**
   * Takes the lease if no node has it, or if it is over and the history does not reach `unrecorded`; null: if it is over.
   * While there are changes `renew` must follow at least every third of `leaseMs`. Null: it is another node's.
   */
  acquire(unrecorded: Position | null): Promise<ArchiveLease | null>;
  /** In milliseconds, by the database's clock. */
  readonly leaseMs: number;
}

export type Pruned = "done" | "more" | "not-held";

/**
 * A right to write. When it is another's, every method but `release` says so, by false, null or `not-held`, and has moved
 * neither end of the history. (`prune` may also have found that there is nothing to do.)
 */
export interface ArchiveLease {
  /** How far the history goes, as of when the lease was taken; null if it has never begun. */
  readonly recordedTo: CursorParts | null;
  /**
   * Goes on holding, and with the same write moves the end up to `at`, if that is later and of the same collection:
   * every change before it was given to `append`, or there was none. Returns where the feed's head is by that write if
   * nothing else is written; null: the lease is another's.
   */
  renew(at: CursorParts | null): Promise<Position | null>;
  /** The history begins (anew) after `at`; what a reader finds from there on is whole. With a reason it is a gap. */
  begin(at: CursorParts, gap: ResetReason | null): Promise<boolean>;
  /** Every change after the last call's place, or after where the history ended, up to `at`. */
  append(changes: readonly Change[], at: CursorParts): Promise<boolean>;
  /** Takes away what is too old, at most a bounded part of it; the beginning moves first. Writes nothing if nothing is. */
  prune(): Promise<Pruned>;
  /** Moves the end like `renew`. */
  release(at: CursorParts | null): Promise<void>;
}
