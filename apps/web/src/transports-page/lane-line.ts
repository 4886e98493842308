import type { FeedConnection, FeedTransport, FeedTransportEvents } from "@live-orders/client/feed-transport";
import type { Network } from "@live-orders/client/network";

/** A line that can be cut: what hangs on it is lost, and nothing gets through until it is joined. */
export class LaneLine implements Network {
  readonly #listeners = new Set<() => void>();
  readonly #open = new Set<{ readonly connection: FeedConnection; readonly events: FeedTransportEvents }>();
  #isCut = false;

  online(): boolean {
    return !this.#isCut;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  cut(): void {
    this.#isCut = true;
    for (const { connection, events } of [...this.#open]) {
      connection.close();
      events.lost("the line is cut");
    }
    this.#open.clear();
    this.#tell();
  }

  /** As when a network is back: who waits for it is told. */
  join(): void {
    this.#isCut = false;
    this.#tell();
  }

  /** The transport over this line. */
  over(transport: FeedTransport): FeedTransport {
    return { name: transport.name, open: (events) => this.#connect(transport, events) };
  }

  #connect(transport: FeedTransport, events: FeedTransportEvents): FeedConnection {
    if (this.#isCut) return deadConnection(events);
    const lost = (cause: string) => {
      this.#open.delete(entry);
      events.lost(cause);
    };
    const connection = transport.open({ ...events, lost });
    const entry = { connection, events };
    this.#open.add(entry);
    return {
      watch: (watch, done) => {
        connection.watch(watch, done);
      },
      unwatch: (done) => {
        connection.unwatch(done);
      },
      close: () => {
        this.#open.delete(entry);
        connection.close();
      },
    };
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function deadConnection(events: FeedTransportEvents): FeedConnection {
  let isClosed = false;
  queueMicrotask(() => {
    if (!isClosed) events.lost("the line is cut");
  });
  return {
    watch: () => undefined,
    unwatch: () => undefined,
    close: () => {
      isClosed = true;
    },
  };
}
