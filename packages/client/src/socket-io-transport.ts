import { changeBatchSchema } from "@live-orders/protocol/change";
import { countsSchema } from "@live-orders/protocol/http-orders";
import {
  feedStateSchema,
  resetSchema,
  unwatchAckSchema,
  watchAckSchema,
  type ClientToServerEvents,
  type ServerToClientEvents,
} from "@live-orders/protocol/socket-events";
import { io, type Socket } from "socket.io-client";
import type { z } from "zod";
import type { FeedTransport, FeedTransportEvents } from "./feed-transport.ts";

export interface SocketIoOptions {
  /** `http://127.0.0.1:3000`, or nothing for the page's own origin. */
  readonly url?: string;
  /** How long a connection may take to open, in milliseconds (10,000). */
  readonly connectTimeout?: number;
  /** Told of what came over the WebSocket, message by message, for who counts it. */
  readonly onMessage?: (text: string) => void;
}

type OrdersSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/**
 * Socket.IO over one WebSocket a connection. Its own reconnection stays off: the feed keeps the cursor and the
 * countdown. A dead peer is found by its ping (the server's `pingInterval` + `pingTimeout` without one).
 */
export function socketIoTransport(options: SocketIoOptions = {}): FeedTransport {
  return {
    name: "socket.io",
    open: (events) => {
      const socket = connect(options);
      let isOver = false;
      const close = () => {
        isOver = true;
        socket.off();
        socket.disconnect();
      };
      const lost = (cause: string) => {
        if (isOver) return;
        close();
        events.lost(cause);
      };
      listen(socket, events, lost);
      if (options.onMessage !== undefined) overhear(socket, options.onMessage);
      return {
        watch: (watch, done) => {
          socket.emit("watch", watch, checked(watchAckSchema, "watch's answer", done, lost));
        },
        unwatch: (done) => {
          socket.emit("unwatch", checked(unwatchAckSchema, "unwatch's answer", done, lost));
        },
        close,
      };
    },
  };
}

function connect({ url, connectTimeout = 10_000 }: SocketIoOptions): OrdersSocket {
  const how = {
    transports: ["websocket"],
    reconnection: false,
    forceNew: true,
    timeout: connectTimeout,
  };
  return url === undefined || url === "" ? io(how) : io(url, how);
}

function listen(socket: OrdersSocket, events: FeedTransportEvents, lost: (cause: string) => void): void {
  socket.on("connect", events.opened);
  socket.on("connect_error", (error) => {
    lost(error.message);
  });
  socket.on("disconnect", (reason) => {
    lost(reason);
  });
  // A WebSocket that closes before the server's first word is told by neither of the two.
  socket.io.engine.once("close", (reason) => {
    lost(reason);
  });
  socket.on("changes", checked(changeBatchSchema, "changes", events.changes, lost));
  socket.on("counts", checked(countsSchema, "counts", events.counts, lost));
  socket.on("reset", checked(resetSchema, "reset", events.reset, lost));
  socket.on("feed", checked(feedStateSchema, "a feed's state", events.feed, lost));
}

/** Engine.IO takes one character, the message's type, off each. */
function overhear(socket: OrdersSocket, onMessage: (text: string) => void): void {
  socket.io.engine.on("packet", ({ data }) => {
    onMessage(`-${typeof data === "string" ? data : ""}`);
  });
}

/** Hands on what is of the contract; the rest ends the connection. */
function checked<Value>(
  schema: z.ZodType<Value>,
  name: string,
  use: (value: Value) => void,
  lost: (cause: string) => void,
): (value: Value) => void {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) use(parsed.data);
    else lost(`the server sent ${name} that is not of the contract`);
  };
}
