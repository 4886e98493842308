import { STATUSES } from "@live-orders/protocol/status";
import type { Watch, WatchAck } from "@live-orders/protocol/socket-events";
import { systemClock, type Clock } from "./clock.ts";
import type { FeedConnection, FeedTransport, FeedTransportEvents } from "./feed-transport.ts";

export interface FallbackOptions {
  readonly clock?: Clock;
  /** Told which transport carries the feed, each time that it may be another. */
  readonly onUse?: (name: string) => void;
}

/** How often a better transport than the one in use is tried, and how long that may take, in milliseconds. */
const LOOK_AGAIN = 300_000;
const LOOK_LIMIT = 30_000;

/**
 * Tries transports in order for each connection, the one that worked last before all: the next one when one is lost
 * before it has answered a watch, as where a network lets no WebSocket through or holds streams back. `lost` only when
 * none worked. While a later one is in use the earlier ones are tried now and then; when one works again, the connection
 * ends, and the next one begins with it.
 */
export function fallbackTransport(
  transports: readonly FeedTransport[],
  { clock = systemClock, onUse = () => undefined }: FallbackOptions = {},
): FeedTransport {
  let worked: FeedTransport | null = null;
  return {
    name: transports.map(({ name }) => name).join(", "),
    open: (events) => {
      const last = worked;
      const order = last === null ? transports : [last, ...transports.filter((other) => other !== last)];
      const connection = new FallbackConnection(order, events, (transport, isGone) => {
        worked = transport;
        onUse(transport.name);
        const better = transports.slice(0, transports.indexOf(transport));
        return new BetterWatch(better, clock, (found) => {
          worked = found;
          isGone(`${found.name} works again`);
        });
      });
      connection.tryNext("there is no transport");
      return connection;
    },
  };
}

/** Called when a transport has answered a watch; what it gives is stopped when the connection is over. */
type Settled = (transport: FeedTransport, end: (cause: string) => void) => BetterWatch;

class FallbackConnection implements FeedConnection {
  readonly #left: FeedTransport[];
  readonly #events: FeedTransportEvents;
  readonly #onSettled: Settled;
  #connection: FeedConnection | null = null;
  /** The one in use, once it is open. */
  #transport: FeedTransport | null = null;
  #better: BetterWatch | null = null;
  #isOpen = false;
  #isSettled = false;
  #isClosed = false;
  /** What was asked for, and not answered yet: the next transport is asked for the same. */
  #asked: { readonly watch: Watch; readonly done: (ack: WatchAck) => void } | null = null;

  constructor(order: readonly FeedTransport[], events: FeedTransportEvents, onSettled: Settled) {
    this.#left = [...order];
    this.#events = events;
    this.#onSettled = onSettled;
  }

  tryNext(cause: string): void {
    if (this.#isClosed) return;
    const transport = this.#left.shift();
    if (transport === undefined) {
      this.close();
      // Never before `open` has returned.
      queueMicrotask(() => {
        this.#events.lost(cause);
      });
      return;
    }
    this.#transport = null;
    this.#connection = transport.open({
      ...this.#events,
      opened: () => {
        this.#opened(transport);
      },
      lost: (why) => {
        if (this.#isSettled) this.#lost(why);
        else this.tryNext(`${transport.name}: ${why}`);
      },
    });
  }

  watch(watch: Watch, done: (ack: WatchAck) => void): void {
    this.#asked = { watch, done };
    this.#ask();
  }

  unwatch: FeedConnection["unwatch"] = (done) => {
    this.#asked = null;
    this.#connection?.unwatch(done);
  };

  close(): void {
    this.#isClosed = true;
    this.#better?.stop();
    this.#connection?.close();
  }

  #opened(transport: FeedTransport): void {
    this.#transport = transport;
    if (this.#isOpen) this.#ask();
    else {
      this.#isOpen = true;
      this.#events.opened();
    }
  }

  #ask(): void {
    const asked = this.#asked;
    if (asked === null || this.#transport === null) return;
    this.#connection?.watch(asked.watch, (ack) => {
      if (this.#asked === asked) this.#asked = null;
      this.#settle();
      asked.done(ack);
    });
  }

  #settle(): void {
    if (this.#isSettled || this.#transport === null) return;
    this.#isSettled = true;
    this.#better = this.#onSettled(this.#transport, (cause) => {
      this.#connection?.close();
      this.#lost(cause);
    });
  }

  #lost(cause: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#better?.stop();
    this.#events.lost(cause);
  }
}

/** Looks now and then whether one of some transports answers a watch; the first that does is told, once. */
class BetterWatch {
  readonly #transports: readonly FeedTransport[];
  readonly #clock: Clock;
  readonly #found: (transport: FeedTransport) => void;
  #cancel: () => void = () => undefined;
  #probe: FeedConnection | null = null;

  constructor(transports: readonly FeedTransport[], clock: Clock, found: (transport: FeedTransport) => void) {
    this.#transports = transports;
    this.#clock = clock;
    this.#found = found;
    if (transports.length > 0) this.#later();
  }

  stop(): void {
    this.#cancel();
    this.#probe?.close();
    this.#probe = null;
  }

  #later(): void {
    this.stop();
    this.#cancel = this.#clock.after(LOOK_AGAIN, () => {
      this.#look([...this.#transports]);
    });
  }

  #look(left: FeedTransport[]): void {
    this.stop();
    const transport = left.shift();
    if (transport === undefined) {
      this.#later();
      return;
    }
    const failed = () => {
      this.#look(left);
    };
    const nothing = () => undefined;
    const probe = transport.open({
      opened: () => {
        probe.watch({ statuses: [...STATUSES] }, (ack) => {
          this.stop();
          if (ack.ok) this.#found(transport);
          else this.#later();
        });
      },
      changes: nothing,
      counts: nothing,
      reset: nothing,
      feed: nothing,
      lost: failed,
    });
    this.#probe = probe;
    this.#cancel = this.#clock.after(LOOK_LIMIT, failed);
  }
}
