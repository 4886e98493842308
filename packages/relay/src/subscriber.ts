import type { Room } from "@live-orders/protocol/room";
import type { Reset } from "@live-orders/protocol/socket-events";
import type { EncodedBatch } from "./encoded-batch.ts";
import type { CloseReason } from "./relay-observer.ts";

/**
 * One reader, as the relay sees it: a socket, an event stream. The transport implements it; the relay calls it and
 * never waits for it. Whatever it was handed is on its way in that order, so that its place in the feed is that of
 * the last batch it was handed. One that throws is closed and forgotten.
 */
export interface Subscriber {
  readonly id: string;
  /** Which outlet broadcasts to it while it is live. */
  readonly outlet: Outlet;
  /** One batch to it alone: catching up, or a progress mark. Several readers may be handed the same object. */
  send(batch: EncodedBatch): void;
  reset(reset: Reset): void;
  /** From now on (or no longer) it gets what its outlet broadcasts to the room. It is in one room at most. */
  join(room: Room): void;
  leave(room: Room): void;
  /** Bytes that were handed over and that the network has not taken yet. Cheap: asked for often. */
  backlogBytes(): number;
  /**
   * Ends the connection and frees what waits for it, without waiting for it to be taken. It may come back with its
   * cursor. The relay has forgotten it by then: no `unwatch` is needed, and none does harm.
   */
  close(why: CloseReason): void;
}

/** A transport's side of the rooms: one call a room and batch, so that it is encoded once for all who are in it. */
export interface Outlet {
  readonly name: "socket-io" | "sse";
  broadcast(room: Room, batch: EncodedBatch): void;
}
