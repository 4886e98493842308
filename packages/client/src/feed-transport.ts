import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { FeedState, Reset, UnwatchAck, Watch, WatchAck } from "@live-orders/protocol/socket-events";

/**
 * The seam between the feed and a way to carry it (Socket.IO, Server-Sent Events, polling).
 *
 * A transport makes connections and nothing else: it does not reconnect, keeps no cursor and drops no message. What it
 * reports comes in the order in which the server sent it, and is parsed: a message that is not of the contract ends
 * the connection as `lost`.
 */
export interface FeedTransport {
  readonly name: string;
  /**
   * Begins to connect. Nothing is reported before this has returned; then `opened` or `lost`, and after `lost` or
   * `close` nothing more.
   */
  open(events: FeedTransportEvents): FeedConnection;
}

export interface FeedTransportEvents {
  readonly opened: () => void;
  readonly changes: (batch: ChangeBatch) => void;
  readonly counts: (counts: Counts) => void;
  /** What was watched is void; the connection goes on from the reset's cursor. */
  readonly reset: (reset: Reset) => void;
  /** The server's own feed has stopped, or flows again; the connection stands. */
  readonly feed: (feed: FeedState) => void;
  /** It never opened, or is over. `cause` is for people. */
  readonly lost: (cause: string) => void;
}

/** Acknowledgements are callbacks and no promises, so that they keep their place among the messages. */
export interface FeedConnection {
  /**
   * Watches some statuses. Everything missed since `after` comes as `changes` before `done` is called. It replaces the
   * watch before. `done` is not called when the connection is lost before.
   */
  watch(watch: Watch, done: (ack: WatchAck) => void): void;
  /** Ends the watch; after `done` nothing of it follows. */
  unwatch(done: (ack: UnwatchAck) => void): void;
  close(): void;
}
