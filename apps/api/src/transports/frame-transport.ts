import { Transport } from "engine.io";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { Beating, Heartbeat } from "./heartbeat.ts";
import { textFrame, takeWholeTexts } from "./text-frame.ts";
import { readByWs, type Opened, type Reading } from "./web-socket-opener.ts";

type Packets = Parameters<Transport["send"]>[0];
type Sent = (error?: Error | null) => void;

const PING = "2";
const PING_FRAME = textFrame(PING);
const PONG = "3";

const TRANSPORT = Symbol("transport");

/** Its listeners are the same for all: closures of each connection's own would be part of what is saved here. */
interface TransportSocket extends Socket {
  [TRANSPORT]?: FrameTransport;
}

/**
 * Engine.IO over WebSocket, where a connection is its TCP socket and hardly more: none of the streams, senders and
 * listeners beside it that are much of what an idle one holds. It sends texts, and takes them as long as they come in whole
 * frames. At any other bytes (a part of a frame, a fragment, a ping, a close, a fault), and for all else that is to be
 * done, the connection becomes one of `ws`, for good, which reads those very bytes.
 */
export class FrameTransport extends Transport implements Beating {
  /** Something has come since the last ping. */
  isAlive = true;
  readonly #socket: TransportSocket;
  readonly #reading: Reading;
  readonly #heartbeat: Heartbeat;
  #webSocket: WebSocket | null = null;

  constructor(
    request: { _query: Record<string, string> },
    { socket, head, reading }: Opened,
    heartbeat: Heartbeat,
  ) {
    super(request);
    this.#socket = socket;
    this.#reading = reading;
    this.#heartbeat = heartbeat;
    heartbeat.add(this);
    this.#socket[TRANSPORT] = this;
    socket.setTimeout(0);
    socket.setNoDelay();
    if (head.length > 0) socket.unshift(head);
    socket.on("error", destroy).on("end", end).on("close", closed).on("data", read);
    this.writable = true;
  }

  get name(): string {
    return "websocket";
  }

  override send(packets: Packets): void {
    this.writable = false;
    const last = packets.at(-1);
    for (const packet of packets) {
      this.parser.encodePacket(packet, this.supportsBinary, (data: string | Buffer) => {
        this.#write(data, (error) => {
          if (error) this.onError("write error", error.stack);
          else if (packet === last) this.#sent();
        });
      });
    }
  }

  override doClose(then?: () => void): void {
    this.#byWs().close();
    then?.();
  }

  ask(): void {
    this.isAlive = false;
    if (this.#webSocket !== null) this.#webSocket.send(PING);
    else if (this.#socket.writable) this.#socket.write(PING_FRAME);
  }

  /** Without a goodbye: who does not answer would not answer that either. */
  giveUp(): void {
    this.#socket.destroy();
  }

  override onData(text: string | Buffer): void {
    this.isAlive = true;
    if (text !== PONG) super.onData(text);
  }

  override onClose(): void {
    this.#heartbeat.remove(this);
    super.onClose();
  }

  read(bytes: Buffer): void {
    const texts = takeWholeTexts(bytes, this.#reading.maxPayload);
    if (texts === null) {
      this.#byWs();
      this.#socket.emit("data", bytes);
    } else for (const text of texts) this.onData(text);
  }

  closed(): void {
    this.onClose();
  }

  #write(data: string | Buffer, sent: Sent): void {
    if (this.#webSocket === null && typeof data === "string") this.#socket.write(textFrame(data), sent);
    else this.#byWs().send(data, sent);
  }

  #sent(): void {
    this.emit("drain");
    this.writable = true;
    this.emit("ready");
  }

  /** From now on. */
  #byWs(): WebSocket {
    if (this.#webSocket !== null) return this.#webSocket;
    this.#socket.off("error", destroy).off("end", end).off("close", closed).off("data", read);
    this.#webSocket = readByWs(this.#socket, this.#reading);
    this.#webSocket.on("message", (data: Buffer, isBinary) => this.onData(isBinary ? data : data.toString()));
    this.#webSocket.once("close", () => this.onClose());
    this.#webSocket.on("error", (error) => this.onError(String(error)));
    return this.#webSocket;
  }
}

function destroy(this: TransportSocket): void {
  this.destroy();
}

function end(this: TransportSocket): void {
  this.end();
}

function closed(this: TransportSocket): void {
  this[TRANSPORT]?.closed();
}

function read(this: TransportSocket, bytes: Buffer): void {
  this[TRANSPORT]?.read(bytes);
}
