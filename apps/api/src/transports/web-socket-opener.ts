import type { Socket } from "node:net";
import { WebSocket, WebSocketServer, type ServerOptions } from "ws";

/** How `ws` is to read a connection, as far as it is of use here. */
export interface Reading {
  /** In bytes. */
  readonly maxPayload: number;
}

/** What there is when the handshake is over. */
export interface Opened {
  readonly socket: Socket;
  /** What came in one piece with the request. */
  readonly head: Buffer;
  readonly reading: Reading;
}

declare module "ws" {
  interface WebSocket {
    /** Not documented: with it a server's connection gets its socket, its sender and its receiver, and begins to read. */
    setSocket(socket: Socket, head: Buffer, reading: Reading): void;
    /** Not documented; Engine.IO reads it. */
    _socket: Socket | null;
  }
}

/** A connection of `ws` that has not begun to read. */
export class OpenedWebSocket extends WebSocket {
  #opened: Opened | null = null;

  override setSocket(socket: Socket, head: Buffer, reading: Reading): void {
    this.#opened = { socket, head, reading };
    this._socket = socket;
  }

  /** For whoever reads it in its place. */
  opened(): Opened {
    if (this.#opened === null) throw new TypeError("ws opens its connections in another way now");
    return this.#opened;
  }

  override close(code?: number, reason?: string | Buffer): void {
    const { socket, head, reading } = this.opened();
    super.setSocket(socket, head, reading);
    super.close(code, reason);
  }
}

/** The handshake of `ws`, and no more, for Engine.IO's `wsEngine`. */
export class WebSocketOpener extends WebSocketServer<typeof OpenedWebSocket> {
  constructor(options: ServerOptions<typeof OpenedWebSocket>) {
    super({ ...options, WebSocket: OpenedWebSocket });
  }
}

/** Defaults of a server of `ws`. */
const OF_A_SERVER = { autoPong: true, closeTimeout: 30_000 };

/** @returns what `ws` would have made of the connection */
export function readByWs(socket: Socket, reading: Reading): WebSocket {
  const webSocket = Reflect.construct(WebSocket, [null, undefined, OF_A_SERVER]) as WebSocket;
  webSocket.setSocket(socket, Buffer.alloc(0), reading);
  return webSocket;
}
