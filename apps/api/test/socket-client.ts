import { Socket as NetSocket } from "node:net";
import { changeBatchSchema, type Change, type ChangeBatch } from "@live-orders/protocol/change";
import { countsSchema, type Counts } from "@live-orders/protocol/http-orders";
import {
  feedStateSchema,
  resetSchema,
  unwatchAckSchema,
  watchAckSchema,
  type FeedState,
  type Reset,
} from "@live-orders/protocol/socket-events";
import { io, type Socket } from "socket.io-client";
import { z } from "zod";

/** Below Socket.IO's client: a `ws` connection, whose TCP socket is its own affair. */
const connectionSchema = z.object({ ws: z.object({ _socket: z.instanceof(NetSocket) }) });

const ACK_WAIT_MS = 10_000;

/** A client that checks all it gets by the protocol's schemas, and keeps it in the order in which it came. */
export class SocketClient {
  readonly socket: Socket;
  readonly batches: ChangeBatch[] = [];
  readonly counts: Counts[] = [];
  readonly resets: Reset[] = [];
  readonly feed: FeedState["state"][] = [];
  /** How many batches had come when the last acknowledgement did. */
  batchesAtAck = 0;

  constructor(url: string) {
    this.socket = io(url, { transports: ["websocket"], forceNew: true, reconnection: false });
    this.socket.on("changes", (batch: unknown) => this.batches.push(changeBatchSchema.strict().parse(batch)));
    this.socket.on("counts", (counts: unknown) => this.counts.push(countsSchema.strict().parse(counts)));
    this.socket.on("feed", (feed: unknown) => this.feed.push(feedStateSchema.strict().parse(feed).state));
    this.socket.on("reset", (reset: unknown) => this.resets.push(resetSchema.strict().parse(reset)));
  }

  get changes(): Change[] {
    return this.batches.flatMap(({ changes }) => changes);
  }

  watch(want: unknown): Promise<z.infer<typeof watchAckSchema>> {
    return this.#ask(watchAckSchema, "watch", want);
  }

  unwatch(...args: unknown[]): Promise<z.infer<typeof unwatchAckSchema>> {
    return this.#ask(unwatchAckSchema, "unwatch", ...args);
  }

  async #ask<S extends z.ZodType>(schema: S, event: string, ...args: unknown[]): Promise<z.output<S>> {
    const answer: unknown = await new Promise((resolve, reject) => {
      this.socket.timeout(ACK_WAIT_MS).emit(event, ...args, (error: Error | null, ack: unknown) => {
        this.batchesAtAck = this.batches.length;
        if (error === null) resolve(ack);
        else reject(error);
      });
    });
    return schema.parse(answer);
  }

  /** The TCP connection, to stop and go on reading from it. */
  connection(): NetSocket {
    return connectionSchema.parse(this.socket.io.engine.transport).ws._socket;
  }

  close(): void {
    this.socket.close();
  }
}
