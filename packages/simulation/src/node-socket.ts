import type { FeedTransportEvents } from "@live-orders/client/feed-transport";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { Subscriber } from "@live-orders/relay/subscriber";
import { NodeReader, type NodeReaderParts } from "./node-reader.ts";

/** A socket at the node. */
export class NodeSocket extends NodeReader {
  readonly #events: FeedTransportEvents;
  readonly #onEnd: () => void;

  constructor(parts: NodeReaderParts, events: FeedTransportEvents, onEnd: () => void) {
    super(parts);
    this.#events = events;
    this.#onEnd = onEnd;
  }

  send(batch: EncodedBatch): void {
    this.link.send(batch.json.length, () => {
      this.#events.changes(batch.decode());
    });
  }

  reset(reset: Parameters<Subscriber["reset"]>[0]): void {
    this.link.send(100, () => {
      this.#events.reset(reset);
    });
  }

  protected ended(cause: string): void {
    this.#onEnd();
    this.#events.lost(cause);
  }
}
