import type { Socket as NetSocket } from "node:net";
import type { Socket } from "socket.io";

type Connection = Socket["conn"];

/** A message in both forms that a connection takes. */
export interface SocketMessage {
  /** What Engine.IO makes a packet of. */
  readonly text: string;
  /** The same as a whole WebSocket frame: the same bytes for every connection. */
  readonly frame: Buffer;
}

/**
 * The way to one connection. While nothing of Engine.IO's own waits before it, a message's frame goes straight to the
 * TCP socket, as Engine.IO would write it, without a packet, a queue entry and five events for each connection. In the
 * other case it queues up with the rest. (No compression: `ws` then passes on what it is given in the same turn.)
 */
export class SocketLine {
  readonly #connection: Connection;
  readonly #tcp: NetSocket;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#tcp = connection.request.socket;
  }

  write({ text, frame }: SocketMessage): void {
    const { readyState, transport } = this.#connection;
    const isClear = readyState === "open" && transport.writable && queueOf(this.#connection).length === 0;
    if (isClear && this.#tcp.writable) this.#tcp.write(frame);
    else this.#connection.write(text);
  }

  /**
   * The bytes that wait. Socket.IO has no back-pressure: while a connection does not take what it was sent, Engine.IO
   * queues packets without a bound.
   */
  waitingBytes(): number {
    const queued = queueOf(this.#connection).map(sizeOf);
    return queued.reduce((sum, bytes) => sum + bytes, this.#tcp.writableLength);
  }

  /** Frees what waits, without a goodbye. */
  destroy(): void {
    this.#tcp.destroy();
  }
}

/** Engine.IO keeps it, but does not declare it. */
function queueOf(connection: Connection): readonly unknown[] {
  const queue: unknown = Reflect.get(connection, "writeBuffer");
  if (!Array.isArray(queue)) throw new TypeError("Engine.IO keeps its packets elsewhere now");
  return queue;
}

function sizeOf(packet: unknown): number {
  const data = packet !== null && typeof packet === "object" && "data" in packet ? packet.data : undefined;
  if (typeof data === "string") return Buffer.byteLength(data);
  return data instanceof Uint8Array ? data.length : 0;
}
