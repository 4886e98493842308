import type { Room } from "@live-orders/protocol/room";
import type { Counts } from "@live-orders/protocol/http-orders";
import type {
  ClientToServerEvents,
  FeedState,
  Reset,
  ServerToClientEvents,
} from "@live-orders/protocol/socket-events";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { CloseReason } from "@live-orders/relay/relay-observer";
import type { Outlet } from "@live-orders/relay/subscriber";
import type { Server, Socket } from "socket.io";
import { changesMessage } from "./socket-frame.ts";
import type { SocketVoice } from "./socket-session.ts";
import { SocketLine, type SocketMessage } from "./socket-line.ts";

export type OrdersServer = Server<ClientToServerEvents, ServerToClientEvents>;
export type OrdersSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

/** A socket as the relay sees it: its rooms are Socket.IO's own. */
export class SocketReader implements SocketVoice {
  readonly id: string;
  readonly outlet: SocketOutlet;
  readonly #socket: OrdersSocket;
  readonly #line: SocketLine;

  constructor(socket: OrdersSocket, outlet: SocketOutlet) {
    this.id = socket.id;
    this.outlet = outlet;
    this.#socket = socket;
    this.#line = new SocketLine(socket.conn);
  }

  send(batch: EncodedBatch): void {
    this.write(changesMessage(batch));
  }

  write(message: SocketMessage): void {
    this.#line.write(message);
  }

  reset(reset: Reset): void {
    this.#socket.emit("reset", reset);
  }

  counts(counts: Counts): void {
    this.#socket.emit("counts", counts);
  }

  feed(feed: FeedState): void {
    this.#socket.emit("feed", feed);
  }

  // Both are synchronous with the adapter in memory.
  join(room: Room): void {
    this.outlet.add(room, this);
    void this.#socket.join(room);
  }

  leave(room: Room): void {
    void this.#socket.leave(room);
    this.outlet.remove(room, this);
  }

  backlogBytes(): number {
    return this.#line.waitingBytes();
  }

  /** Below Socket.IO: after its own goodbye a client would not come back by itself. */
  close(why: CloseReason): void {
    if (why === "shutdown") this.#socket.conn.close();
    // What waits for a reader that does not read is to be freed now.
    else this.#line.destroy();
  }
}

/** The sockets of each room: one frame for all of them, handed to each connection as it is. */
export class SocketOutlet implements Outlet {
  readonly name = "socket-io";
  /** The live readers of each room, beside Socket.IO's sets of ids: looking a thousand up by name shows in a profile. */
  readonly #rooms = new Map<Room, Set<SocketReader>>();

  broadcast(room: Room, batch: EncodedBatch): void {
    const readers = this.#rooms.get(room);
    if (readers === undefined) return;
    const message = changesMessage(batch);
    for (const reader of readers) reader.write(message);
  }

  add(room: Room, reader: SocketReader): void {
    const readers = this.#rooms.get(room);
    if (readers) readers.add(reader);
    else this.#rooms.set(room, new Set([reader]));
  }

  remove(room: Room, reader: SocketReader): void {
    this.#rooms.get(room)?.delete(reader);
  }
}
