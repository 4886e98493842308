import type { Room } from "@live-orders/protocol/room";
import type { ClientToServerEvents, Reset, ServerToClientEvents } from "@live-orders/protocol/socket-events";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { CloseReason } from "@live-orders/relay/relay-observer";
import type { Outlet, Subscriber } from "@live-orders/relay/subscriber";
import type { Server, Socket } from "socket.io";
import { PacketQueue } from "./packet-queue.ts";

export type OrdersServer = Server<ClientToServerEvents, ServerToClientEvents>;
export type OrdersSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

/** A socket as the relay sees it: its rooms are Socket.IO's own. */
export class SocketReader implements Subscriber {
  readonly id: string;
  readonly outlet: Outlet;
  readonly #socket: OrdersSocket;
  readonly #queue: PacketQueue;

  constructor(socket: OrdersSocket, outlet: Outlet) {
    this.id = socket.id;
    this.outlet = outlet;
    this.#socket = socket;
    this.#queue = new PacketQueue(socket.conn);
  }

  send(batch: EncodedBatch): void {
    this.#socket.emit("changes", batch.batch);
  }

  reset(reset: Reset): void {
    this.#socket.emit("reset", reset);
  }

  // Both are synchronous with the adapter in memory.
  join(room: Room): void {
    void this.#socket.join(room);
  }

  leave(room: Room): void {
    void this.#socket.leave(room);
  }

  backlogBytes(): number {
    return this.#queue.bytes;
  }

  /** Below Socket.IO: after its own goodbye a client would not come back by itself. */
  close(why: CloseReason): void {
    if (why === "shutdown") this.#socket.conn.close();
    // What waits for a reader that does not read is to be freed now.
    else this.#socket.request.socket.destroy();
  }
}

/** Encoded once for all sockets of the room on this node. */
export function socketOutlet(io: OrdersServer): Outlet {
  return {
    name: "socket-io",
    broadcast: (room, batch) => {
      if (io.of("/").adapter.rooms.has(room)) io.local.to(room).emit("changes", batch.batch);
    },
  };
}
