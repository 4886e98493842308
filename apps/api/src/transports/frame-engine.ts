import { Server, type ServerOptions, type Socket } from "engine.io";
import type { IncomingMessage } from "node:http";
import { FrameTransport } from "./frame-transport.ts";
import { Heartbeat } from "./heartbeat.ts";
import { OpenedWebSocket, WebSocketOpener } from "./web-socket-opener.ts";

/** As Engine.IO hands it on; not exported by it. */
interface EngineRequest extends IncomingMessage {
  _query: Record<string, string>;
  readonly websocket?: unknown;
}

/** Engine.IO's own, which a client is told of, too. */
const HEARTBEAT = { pingInterval: 25_000, pingTimeout: 20_000 };

type EngineOptions = Pick<ServerOptions, "maxHttpBufferSize" | "pingInterval" | "pingTimeout">;

/** Engine.IO with `FrameTransport` for its only transport, and one heartbeat for all of its connections. */
export class FrameEngine extends Server {
  readonly #heartbeat: Heartbeat;

  constructor(options: EngineOptions) {
    const { pingInterval, pingTimeout } = { ...HEARTBEAT, ...options };
    super({
      ...options,
      pingInterval,
      pingTimeout,
      transports: ["websocket"],
      perMessageDeflate: false,
      httpCompression: false,
      wsEngine: WebSocketOpener,
    });
    this.#heartbeat = new Heartbeat({ intervalMs: pingInterval, timeoutMs: pingTimeout });
    this.on("connection", stopOwnPings);
  }

  protected override createTransport(_name: string, request: IncomingMessage): FrameTransport {
    const { websocket } = request as EngineRequest;
    if (!(websocket instanceof OpenedWebSocket)) throw new TypeError("not a WebSocket");
    return new FrameTransport(request as EngineRequest, websocket.opened(), this.#heartbeat);
  }
}

/** Not declared by Engine.IO. */
const PING_TIMER = "pingIntervalTimer";

/** The heartbeat is asked for by all connections' one. */
function stopOwnPings(socket: Socket): void {
  const timer: unknown = Reflect.get(socket, PING_TIMER);
  if (!(timer instanceof Object)) throw new TypeError("Engine.IO keeps the timer of its pings elsewhere now");
  clearTimeout(timer as NodeJS.Timeout);
  Reflect.set(socket, PING_TIMER, null);
}
