import type { FeedConnection, FeedTransport, FeedTransportEvents } from "./feed-transport.ts";

/**
 * Tries transports in order for each connection: the next one when one is lost before it opened, as where a network
 * lets no WebSocket through. `lost` only when none opened.
 */
export function firstThatOpens(transports: readonly FeedTransport[]): FeedTransport {
  return {
    name: transports.map(({ name }) => name).join(", "),
    open: (events) => {
      const connection = new FallbackConnection(transports, events);
      connection.tryNext("there is no transport");
      return connection;
    },
  };
}

class FallbackConnection implements FeedConnection {
  readonly #left: FeedTransport[];
  readonly #events: FeedTransportEvents;
  #connection: FeedConnection | null = null;
  #closed = false;

  constructor(transports: readonly FeedTransport[], events: FeedTransportEvents) {
    this.#left = [...transports];
    this.#events = events;
  }

  tryNext(cause: string): void {
    if (this.#closed) return;
    const transport = this.#left.shift();
    if (transport === undefined) {
      this.#closed = true;
      // Never before `open` has returned.
      queueMicrotask(() => {
        this.#events.lost(cause);
      });
      return;
    }
    let isOpen = false;
    this.#connection = transport.open({
      ...this.#events,
      opened: () => {
        isOpen = true;
        this.#events.opened();
      },
      lost: (why) => {
        if (isOpen) this.#events.lost(why);
        else this.tryNext(`${transport.name}: ${why}`);
      },
    });
  }

  watch: FeedConnection["watch"] = (watch, done) => this.#connection?.watch(watch, done);

  unwatch: FeedConnection["unwatch"] = (done) => this.#connection?.unwatch(done);

  close(): void {
    this.#closed = true;
    this.#connection?.close();
  }
}
