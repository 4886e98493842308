import type { UnwatchAck, Watch, WatchAck } from "@live-orders/protocol/socket-events";
import { systemClock, type Clock } from "./clock.ts";
import type { FeedConnection, FeedTransport, FeedTransportEvents } from "./feed-transport.ts";
import type { OrdersApi } from "./orders-api.ts";
import { SharedReader } from "./shared-reader.ts";
import { SharedWatch } from "./shared-watch.ts";
import type { TabGroup, TabMember } from "./tab-group.ts";
import { tabWordSchema, type ReaderWord, type Reached, type TabWord } from "./tab-word.ts";

export interface SharedTransportOptions {
  /** How the one tab that reads does so. */
  readonly transport: FeedTransport;
  /** For what a tab missed. */
  readonly api: OrdersApi;
  readonly tabs: TabGroup;
  readonly clock?: Clock;
}

/** After so long without a word the reader is asked for one, and given so long to answer. In milliseconds. */
const QUIET = 20_000;
const ANSWER = 5_000;

/**
 * One connection to the server for all tabs: a browser allows six an origin on HTTP/1.1, so that streams of a tab each
 * would starve the seventh and every request. One tab reads all statuses and tells the others; each takes what its
 * watch is about. When the one that reads is closed the next in turn goes on from where it had come to.
 */
export function sharedTransport(options: SharedTransportOptions): FeedTransport {
  return {
    name: options.transport.name,
    open: (events) => {
      const connection = new SharedConnection(options, events);
      // There is nothing to open: another tab may have the connection.
      queueMicrotask(() => {
        connection.opened();
      });
      return connection;
    },
  };
}

class SharedConnection implements FeedConnection {
  readonly #options: SharedTransportOptions;
  readonly #clock: Clock;
  readonly #events: FeedTransportEvents;
  readonly #tab: TabMember;
  #standDown: () => void = () => undefined;
  #cancelQuiet: () => void = () => undefined;
  /** While this tab is the one that reads. */
  #reader: SharedReader | null = null;
  #watch: SharedWatch | null = null;
  /** How far the reader has told. */
  #told: Reached | null = null;
  #isClosed = false;

  constructor(options: SharedTransportOptions, events: FeedTransportEvents) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#events = events;
    this.#tab = options.tabs.join((message) => {
      const word = tabWordSchema.safeParse(message);
      // A tab with another version of the page may say what this one does not know.
      if (word.success) this.#overhear(word.data);
    });
    this.#stand(false);
  }

  opened(): void {
    if (!this.#isClosed) this.#events.opened();
  }

  watch(watch: Watch, done: (ack: WatchAck) => void): void {
    this.#watch?.stop();
    this.#watch = new SharedWatch(watch, done, {
      api: this.#options.api,
      clock: this.#clock,
      events: this.#events,
      lost: (cause) => {
        this.#lose(cause);
      },
    });
    if (this.#reader === null) this.#ask();
    else this.#reader.report();
  }

  unwatch(done: (ack: UnwatchAck) => void): void {
    this.#watch?.stop();
    this.#watch = null;
    done({ ok: true });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelQuiet();
    this.#watch?.stop();
    this.#reader?.close();
    this.#standDown();
    this.#tab.leave();
  }

  #stand(takeOver: boolean): void {
    this.#standDown();
    const elected = () => {
      this.#read();
    };
    const ousted = () => {
      this.#reader?.close();
      this.#reader = null;
      this.#stand(false);
      this.#ask();
    };
    this.#standDown = this.#tab.stand({ elected, ousted }, takeOver);
  }

  #read(): void {
    this.#cancelQuiet();
    const from = this.#told ?? this.#watch?.reached ?? null;
    this.#reader = new SharedReader(this.#options.transport, from, (word) => {
      this.#tab.say(word);
      this.#heed(word);
    });
  }

  /** The one that reads may be frozen: then another takes over. */
  #ask(): void {
    this.#tab.say({ kind: "ask" } satisfies TabWord);
    this.#cancelQuiet();
    this.#cancelQuiet = this.#clock.after(ANSWER, () => {
      this.#stand(true);
      this.#expectWord();
    });
  }

  #expectWord(): void {
    this.#cancelQuiet();
    if (this.#reader !== null || this.#isClosed) return;
    this.#cancelQuiet = this.#clock.after(QUIET, () => {
      this.#ask();
    });
  }

  /** Who reads heeds no other: what it hears is of a reader before it, whose end is not its own. */
  #overhear(word: TabWord): void {
    if (this.#isClosed) return;
    if (word.kind === "ask") this.#reader?.report();
    else if (this.#reader === null) {
      this.#expectWord();
      this.#heed(word);
    }
  }

  #heed(word: ReaderWord): void {
    switch (word.kind) {
      case "connecting":
        return;
      case "changes":
        this.#told = { position: word.batch.position, cursor: word.batch.cursor };
        this.#watch?.take(word);
        return;
      case "counts":
        if (this.#watch?.wantsCounts === true) this.#events.counts(word.counts);
        return;
      case "reset":
        this.#told = null;
        this.#watch?.stop();
        if (this.#watch !== null) this.#events.reset(word.reset);
        return;
      case "feed":
        if (this.#watch !== null) this.#events.feed(word.feed);
        return;
      case "refused":
        if (this.#watch?.refuse({ ok: false, problem: word.problem }) !== true)
          this.#lose(word.problem.title);
        return;
      case "lost":
        this.#lose(word.cause);
    }
  }

  #lose(cause: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.lost(cause);
  }
}
