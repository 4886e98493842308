import { type IncomingMessage, type Server as HttpServer, ServerResponse } from "node:http";
import { ROOMS } from "@live-orders/protocol/room";
import { Server } from "socket.io";
import { problemBody } from "../http/answer-problem.ts";
import { refusal, type CallerRules } from "../http/caller-guard.ts";
import { giveRequestId } from "../http/request-id.ts";
import type { RoomReaders } from "../metrics.ts";
import type { FeedWatch } from "./feed-watch.ts";
import { FrameEngine } from "./frame-engine.ts";
import { LiveCounts, type LiveCountsParts } from "./live-counts.ts";
import { SocketOutlet, SocketReader, type OrdersServer, type OrdersSocket } from "./socket-reader.ts";
import { SocketSession } from "./socket-session.ts";

/** In bytes: a message that is longer ends the connection; one longer than an HTTP body may be is refused. */
const MAX_MESSAGE = 4 * 1024 * 1024;

/** Its default. */
export const SOCKET_IO_PATH = "/socket.io/";

export interface SocketTransport {
  /** Live readers by room. */
  readers(): Iterable<RoomReaders>;
  /** Ends every connection; clients come back by themselves. */
  end(): void;
}

/** Socket.IO on the server's own port. */
export function attachSocketIo(
  server: HttpServer,
  parts: LiveCountsParts & { readonly feed: FeedWatch },
  rules: CallerRules,
): SocketTransport {
  const engine = new FrameEngine({ maxHttpBufferSize: MAX_MESSAGE });
  engine.attach(server, { path: SOCKET_IO_PATH, destroyUpgrade: false });
  const io: OrdersServer = new Server({ serveClient: false }).bind(engine);
  engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const why = refusal(request, rules);
    if (why !== null) return refuse(request, response, why);
    forgetResponse(request, response);
    next();
  });
  const outlet = new SocketOutlet();
  const sessions = { ...parts, counts: new LiveCounts(parts) };
  parts.feed.follow((feed) => io.emit("feed", feed));
  io.on("connection", (socket) => {
    const reader = new SocketReader(socket, outlet);
    forgetOpening(socket);
    const session = new SocketSession(sessions, reader);
    // Before Socket.IO reads it.
    socket.conn.prependListener("data", (message: string | Buffer) => session.incoming(message.length));
    // Every event ends here and none is dispatched: a client may name an event as it likes.
    socket.use(([event, ...args]: unknown[]) => session.handle(event, args));
    socket.on("disconnect", () => session.end());
  });
  return { readers: () => readers(io), end: () => engine.close() };
}

/**
 * For an upgrade Engine.IO makes a stand-in for a response just before this is called, and tells it of the connection's
 * end, which nobody asks it for. By that listener an idle connection would hold it and the request, for good.
 */
function forgetResponse({ socket }: IncomingMessage, response: ServerResponse): void {
  if (response instanceof ServerResponse) return;
  const told = socket.listeners("close").at(-1);
  if (told !== undefined) socket.off("close", told as () => void);
}

const NO_HANDSHAKE = Object.freeze({ headers: {}, query: {}, auth: {} });
const NO_ACKS = new Map<never, never>();

/**
 * What nobody asks for once the connection stands, and is much of what an idle one holds: the request, what Socket.IO
 * keeps of it, the room of one's own, a listener for the headers of answers, and the acknowledgements that are waited for.
 */
function forgetOpening(socket: OrdersSocket): void {
  const { conn } = socket;
  Reflect.set(conn, "request", undefined);
  conn.transport.removeAllListeners("headers");
  Reflect.set(socket, "handshake", NO_HANDSHAKE);
  Reflect.set(socket, "acks", NO_ACKS);
  void socket.leave(socket.id);
}

function* readers(io: OrdersServer): Iterable<RoomReaders> {
  const { rooms } = io.of("/").adapter;
  for (const { room } of ROOMS) {
    const readers = rooms.get(room)?.size ?? 0;
    if (readers > 0) yield { transport: "socket-io", room, readers };
  }
}

/** Straight to the connection: for an upgrade Engine.IO's `response` writes nothing. */
function refuse(request: IncomingMessage, response: ServerResponse, why: string): void {
  const requestId = giveRequestId(request, response);
  const body = JSON.stringify(problemBody("forbidden", { detail: why }, requestId));
  request.socket.end(
    "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: application/problem+json\r\n" +
      `X-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
