import type { Room } from "@live-orders/protocol/room";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { Outlet, Subscriber } from "@live-orders/relay/subscriber";
import type { Link } from "./link.ts";

/** What every connection to a node has. */
export interface NodeReaderParts {
  readonly id: string;
  readonly outlet: Outlet;
  /** From the node to the client. */
  readonly link: Link;
}

/** A reader's connection to a node, as the relay sees it: what it is sent goes over a link, in order, until it ends. */
export abstract class NodeReader implements Subscriber {
  readonly id: string;
  readonly outlet: Outlet;
  readonly link: Link;
  #room: Room | null = null;
  #open = true;

  constructor({ id, outlet, link }: NodeReaderParts) {
    this.id = id;
    this.outlet = outlet;
    this.link = link;
  }

  abstract send(batch: EncodedBatch): void;
  abstract reset(reset: Parameters<Subscriber["reset"]>[0]): void;
  /** Told once, when the connection has ended. */
  protected abstract ended(cause: string): void;

  get room(): Room | null {
    return this.#room;
  }

  join(room: Room): void {
    this.#room = room;
  }

  leave(): void {
    this.#room = null;
  }

  backlogBytes(): number {
    return this.link.bytes;
  }

  close(why: Parameters<Subscriber["close"]>[0]): void {
    this.drop(`closed: ${why}`);
  }

  /** The connection ends here and, what is under way being lost, at the client. */
  drop(cause: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.link.cut();
    this.ended(cause);
  }
}
