import type { FeedTransportEvents } from "@live-orders/client/feed-transport";
import type { Room } from "@live-orders/protocol/room";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { Outlet, Subscriber } from "@live-orders/relay/subscriber";
import type { Link } from "./link.ts";

/** A reader's connection to a node. */
export interface NodeReader extends Subscriber {
  readonly room: Room | null;
  /** The connection ends here and, what is under way being lost, at the client. */
  drop(cause: string): void;
}

/** A socket at the node: what it is sent goes over a link, in order. */
export class NodeSocket implements NodeReader {
  readonly id: string;
  readonly outlet: Outlet;
  readonly link: Link;
  readonly #events: FeedTransportEvents;
  readonly #onEnd: () => void;
  room: Room | null = null;
  #open = true;

  constructor(
    about: { readonly id: string; readonly outlet: Outlet; readonly link: Link },
    events: FeedTransportEvents,
    onEnd: () => void,
  ) {
    this.id = about.id;
    this.outlet = about.outlet;
    this.link = about.link;
    this.#events = events;
    this.#onEnd = onEnd;
  }

  send({ batch, json }: EncodedBatch): void {
    this.link.send(json.length, () => {
      this.#events.changes(batch);
    });
  }

  reset(reset: Parameters<Subscriber["reset"]>[0]): void {
    this.link.send(100, () => {
      this.#events.reset(reset);
    });
  }

  join(room: Room): void {
    this.room = room;
  }

  leave(): void {
    this.room = null;
  }

  backlogBytes(): number {
    return this.link.bytes;
  }

  close(why: string): void {
    this.drop(`closed: ${why}`);
  }

  drop(cause: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.link.cut();
    this.#onEnd();
    this.#events.lost(cause);
  }
}
