import type { Socket as NetSocket } from "node:net";
import type { Socket } from "socket.io";

/** What Engine.IO has of a connection, as far as it is of use here; the queue is not declared. */
interface EngineConnection {
  readonly readyState: string;
  readonly transport: { readonly writable: boolean };
  readonly writeBuffer: readonly unknown[];
  write(text: string): unknown;
}

const isEngineConnection = (connection: object): connection is EngineConnection =>
  Array.isArray(Reflect.get(connection, "writeBuffer"));

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
 * other case it queues up with the rest. (The transport, and `ws` without compression, write in the same turn.)
 */
export class SocketLine {
  readonly #connection: EngineConnection;
  readonly #tcp: NetSocket;

  constructor(connection: Socket["conn"]) {
    this.#tcp = connection.request.socket;
    if (!isEngineConnection(connection)) throw new TypeError("Engine.IO keeps its packets elsewhere now");
    this.#connection = connection;
  }

  write({ text, frame }: SocketMessage): void {
    const { readyState, transport, writeBuffer } = this.#connection;
    const isClear = readyState === "open" && transport.writable && writeBuffer.length === 0;
    if (isClear && this.#tcp.writable) this.#tcp.write(frame);
    else this.#connection.write(text);
  }

  /**
   * The bytes that wait. Socket.IO has no back-pressure: while a connection does not take what it was sent, Engine.IO
   * queues packets without a bound.
   */
  waitingBytes(): number {
    const { writeBuffer } = this.#connection;
    return writeBuffer.reduce((sum: number, packet) => sum + sizeOf(packet), this.#tcp.writableLength);
  }

  /** Frees what waits, without a goodbye. */
  destroy(): void {
    this.#tcp.destroy();
  }
}

function sizeOf(packet: unknown): number {
  const data = packet !== null && typeof packet === "object" && "data" in packet ? packet.data : undefined;
  if (typeof data === "string") return Buffer.byteLength(data);
  return data instanceof Uint8Array ? data.length : 0;
}
