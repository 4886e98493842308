import { once } from "node:events";
import { Socket } from "node:net";
import { WebSocket } from "ws";
import { z } from "zod";

const OPEN = "0";
const PING = "2";
const PONG = "3";
const CONNECT = "40";
const WATCH = '420["watch",{"statuses":["pending","shipped","delivered"]}]';
const ACK = "430";

/** A `ws` connection, whose TCP socket is its own affair. */
const connectionSchema = z.object({ _socket: z.instanceof(Socket) });

/** Socket.IO's own frames over a bare WebSocket: it can stop reading, and send what no client sends. */
export class RawSocket {
  readonly #socket: WebSocket;
  /** Changes that were received, as the text of their batches tells. */
  changes = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer) => this.#hear(data.toString()));
  }

  /** Resolves when the server has taken the connection; `watching` when it has answered a watch of everything. */
  static async open(url: string, until: "connected" | "watching"): Promise<RawSocket> {
    const address = `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(address, { perMessageDeflate: false });
    const raw = new RawSocket(socket);
    const answered = raw.#heard(until === "watching" ? ACK : CONNECT);
    await Promise.race([answered, once(socket, "close").then(() => Promise.reject(new Error("closed")))]);
    return raw;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** One frame, whatever is in it. Resolves when it is handed to the kernel. */
  send(frame: string | Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOpen) this.#socket.send(frame, () => resolve());
      else resolve();
    });
  }

  pause(): void {
    connectionSchema.parse(this.#socket)._socket.pause();
  }

  resume(): void {
    connectionSchema.parse(this.#socket)._socket.resume();
  }

  close(): void {
    this.#socket.terminate();
  }

  #hear(frame: string): void {
    if (frame.startsWith(OPEN)) this.#socket.send(CONNECT);
    else if (frame === PING) this.#socket.send(PONG);
    else if (frame.startsWith("42")) this.changes += frame.split('"op":').length - 1;
  }

  #heard(wanted: string): Promise<void> {
    return new Promise((resolve) => {
      const hear = (data: Buffer): void => {
        const frame = data.toString("latin1", 0, wanted.length);
        if (wanted === ACK && frame.startsWith("40")) this.#socket.send(WATCH);
        if (frame !== wanted) return;
        this.#socket.off("message", hear);
        resolve();
      };
      this.#socket.on("message", hear);
    });
  }
}
