import type { Position } from "@live-orders/protocol/position";
import type { Room } from "@live-orders/protocol/room";
import type { FeedState, Reset } from "@live-orders/protocol/socket-events";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { CloseReason } from "@live-orders/relay/relay-observer";
import type { Outlet, Subscriber } from "@live-orders/relay/subscriber";
import type { Response } from "express";
import type { Socket } from "node:net";
import type { RoomReaders } from "../metrics.ts";

/** How soon a browser comes back after the connection has ended, in milliseconds. */
const RETRY_MS = 1_000;
const COMMENT_MS = 15_000;

export const STREAM_HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  // `no-transform` keeps compressing proxies from gathering what should go out at once.
  "Cache-Control": "no-store, no-transform",
  // nginx and those that do as it does.
  "X-Accel-Buffering": "no",
};

/** A batch's frame in bytes: made once, written to every stream that gets the batch. */
const frames = new WeakMap<EncodedBatch, Buffer>();

function frameOf(batch: EncodedBatch): Buffer {
  const made = frames.get(batch);
  if (made !== undefined) return made;
  const frame = Buffer.from(`id: ${batch.cursor}\nevent: changes\ndata: ${batch.json}\n\n`);
  frames.set(batch, frame);
  return frame;
}

/** One answer with `text/event-stream` as the relay sees it. Its head goes out with its first event. */
export class EventStream implements Subscriber {
  readonly id: string;
  readonly outlet: Outlet;
  readonly #response: Response;
  readonly #rooms: StreamRooms;
  #timer: NodeJS.Timeout | undefined;
  #told: Position = "";
  /** Where its events go, once its head has. */
  #socket: Socket | null = null;

  constructor(id: string, response: Response, rooms: StreamRooms) {
    this.id = id;
    this.outlet = rooms;
    this.#response = response;
    this.#rooms = rooms;
  }

  /** The position of the last batch that it was sent; empty before the first. */
  get told(): Position {
    return this.#told;
  }

  send(batch: EncodedBatch): void {
    this.#told = batch.position;
    this.write(frameOf(batch));
  }

  reset(reset: Reset): void {
    this.write(`id: ${reset.cursor}\nevent: reset\ndata: ${JSON.stringify(reset)}\n\n`);
  }

  /** Without an id: the reader is where it was. */
  feed(feed: FeedState): void {
    this.write(`event: feed\ndata: ${JSON.stringify(feed)}\n\n`);
  }

  join(room: Room): void {
    this.#rooms.add(room, this);
  }

  leave(room: Room): void {
    this.#rooms.remove(room, this);
  }

  backlogBytes(): number {
    return this.#response.writableLength;
  }

  close(why: CloseReason): void {
    if (why === "slow") this.#response.destroy();
    else this.end();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#socket = null;
    this.#response.end();
  }

  /** To be called when the connection is gone. */
  ended(): void {
    clearInterval(this.#timer);
  }

  write(frame: Buffer | string): void {
    if (this.#socket?.writable === true) {
      this.#socket.write(frame);
      return;
    }
    if (this.#response.destroyed || this.#response.writableEnded) return;
    if (!this.#response.headersSent) this.#open();
    this.#response.write(frame);
    // None yet while the answer waits for the one before it on its connection.
    this.#socket = this.#response.socket;
  }

  /**
   * The body ends with the connection, which is what ends a stream anyhow: without chunks around it an event is the
   * same bytes for every stream, and is written to the socket as it is.
   */
  #open(): void {
    this.#response.useChunkedEncodingByDefault = false;
    this.#response.writeHead(200, { ...STREAM_HEADERS, Connection: "close" });
    this.#response.write(`retry: ${RETRY_MS}\n\n`);
    this.#timer = setInterval(() => this.#comment(), COMMENT_MS);
  }

  /** Keeps proxies from ending a quiet connection; a reader that does not read needs none. */
  #comment(): void {
    if (this.backlogBytes() === 0) this.write(":\n\n");
  }
}

/** The streams of each room. */
export class StreamRooms implements Outlet {
  readonly name = "sse";
  readonly #streams = new Map<Room, Set<EventStream>>();

  broadcast(room: Room, batch: EncodedBatch): void {
    for (const stream of this.#streams.get(room) ?? []) stream.send(batch);
  }

  add(room: Room, stream: EventStream): void {
    const streams = this.#streams.get(room);
    if (streams) streams.add(stream);
    else this.#streams.set(room, new Set([stream]));
  }

  remove(room: Room, stream: EventStream): void {
    const streams = this.#streams.get(room);
    streams?.delete(stream);
    if (streams?.size === 0) this.#streams.delete(room);
  }

  /** Live readers by room. */
  *readers(): Iterable<RoomReaders> {
    for (const [room, { size }] of this.#streams) yield { transport: "sse", room, readers: size };
  }
}
