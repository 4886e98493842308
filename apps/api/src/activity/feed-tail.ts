import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import { STATUSES } from "@live-orders/protocol/status";
import type { Relay } from "@live-orders/relay/relay";
import { type CursorParts, decodeCursor } from "@live-orders/store/cursor-parts";
import { StoreUnavailableError } from "@live-orders/store/order-store";

export interface FeedTail {
  readonly changes: readonly Change[];
  /** Every change up to here is in it. */
  readonly at: CursorParts;
}

/** Of one read, and how often it is read at most: a history that trails by more is not waited for. */
const READ_CHANGES = 1_000;
const MAX_READS = 20;

/**
 * What the feed has told after a place, at least up to another.
 *
 * @throws StoreUnavailableError if the feed does not reach from one to the other just now
 */
export async function readTail(
  relay: Pick<Relay, "read">,
  from: CursorParts,
  upTo: Position,
): Promise<FeedTail> {
  const changes: Change[] = [];
  let at = from;
  for (let reads = 0; at.position < upTo && reads < MAX_READS; reads += 1) {
    const outcome = await relay.read({
      statuses: STATUSES,
      after: at,
      limit: READ_CHANGES,
      waitMs: 0,
      signal: new AbortController().signal,
    });
    const next = outcome.kind === "batch" ? decodeCursor(outcome.batch.cursor) : null;
    if (outcome.kind !== "batch" || next === null) throw new StoreUnavailableError("The feed can't be read");
    changes.push(...outcome.batch.decode().changes);
    at = next;
  }
  if (at.position < upTo) throw new StoreUnavailableError("The history is behind the feed just now");
  return { changes, at };
}
