import type { UnwatchAck, Watch, WatchAck } from "@live-orders/protocol/socket-events";
import type { FeedConnection, FeedTransport, FeedTransportEvents } from "../feed-transport.ts";

/** A connection that says what the test says. */
export class ScriptedConnection implements FeedConnection {
  readonly events: FeedTransportEvents;
  readonly watches: { readonly watch: Watch; readonly done: (ack: WatchAck) => void }[] = [];
  readonly unwatches: ((ack: UnwatchAck) => void)[] = [];
  isClosed = false;

  constructor(events: FeedTransportEvents) {
    this.events = events;
  }

  watch(watch: Watch, done: (ack: WatchAck) => void): void {
    this.watches.push({ watch, done });
  }

  unwatch(done: (ack: UnwatchAck) => void): void {
    this.unwatches.push(done);
  }

  close(): void {
    this.isClosed = true;
  }
}

export class ScriptedTransport implements FeedTransport {
  readonly name: string;
  readonly connections: ScriptedConnection[] = [];

  constructor(name = "scripted") {
    this.name = name;
  }

  /** The connection that was opened last. */
  get last(): ScriptedConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error("no connection was opened");
    return connection;
  }

  open(events: FeedTransportEvents): FeedConnection {
    const connection = new ScriptedConnection(events);
    this.connections.push(connection);
    return connection;
  }
}
