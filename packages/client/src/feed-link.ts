import type { UnwatchAck, Watch, WatchAck } from "@live-orders/protocol/socket-events";
import type { Clock } from "./clock.ts";
import type { FeedConnection, FeedTransport, FeedTransportEvents } from "./feed-transport.ts";

/** How long a connection may take to open, in milliseconds; transports have shorter limits of their own. */
const OPEN_TIMEOUT = 30_000;

/**
 * One connection, with a bound on every wait: silence where an answer is due ends it as `lost`. Messages of a watch
 * that was ended are not handed on, nor anything after `close`.
 */
export class FeedLink {
  readonly #clock: Clock;
  readonly #events: FeedTransportEvents;
  readonly #ackTimeout: number;
  readonly #connection: FeedConnection;
  #closed = false;
  #watching = false;
  #expected: { readonly ms: number; readonly what: string } | null = null;
  #cancelTimer: () => void = () => undefined;

  constructor(transport: FeedTransport, events: FeedTransportEvents, clock: Clock, ackTimeout: number) {
    this.#clock = clock;
    this.#events = events;
    this.#ackTimeout = ackTimeout;
    this.#expect(OPEN_TIMEOUT, "the connection to open");
    this.#connection = transport.open({
      opened: () => {
        this.#heard(events.opened);
      },
      changes: (batch) => {
        this.#ofWatch(() => {
          events.changes(batch);
        });
      },
      counts: (counts) => {
        this.#ofWatch(() => {
          events.counts(counts);
        });
      },
      reset: (reset) => {
        this.#ofWatch(() => {
          events.reset(reset);
        });
      },
      feed: (feed) => {
        this.#ofWatch(() => {
          events.feed(feed);
        });
      },
      lost: (cause) => {
        this.#lose(cause);
      },
    });
  }

  watch(watch: Watch, done: (ack: WatchAck) => void): void {
    this.#watching = true;
    this.#expect(this.#ackTimeout, "the watch to be acknowledged");
    this.#connection.watch(watch, (ack) => {
      this.#heard(() => {
        done(ack);
      });
    });
  }

  /** From here on nothing of the watch is handed on. */
  unwatch(done: (ack: UnwatchAck) => void): void {
    this.#watching = false;
    this.#expect(this.#ackTimeout, "the end of the watch to be acknowledged");
    this.#connection.unwatch((ack) => {
      this.#heard(() => {
        done(ack);
      });
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#connection.close();
  }

  /** What was waited for came. */
  #heard(then: () => void): void {
    if (this.#closed) return;
    this.#expected = null;
    this.#cancelTimer();
    then();
  }

  #ofWatch(then: () => void): void {
    if (this.#closed || !this.#watching) return;
    // Replayed changes put the acknowledgement off; as long as they come, the server is not silent.
    if (this.#expected !== null) this.#expect(this.#expected.ms, this.#expected.what);
    then();
  }

  #expect(ms: number, what: string): void {
    this.#cancelTimer();
    this.#expected = { ms, what };
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#connection.close();
      this.#lose(`waited ${ms} ms for ${what}`);
    });
  }

  #lose(cause: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer();
    this.#events.lost(cause);
  }
}
