import { Server, type ServerOptions } from "engine.io";
import type { IncomingMessage } from "node:http";
import { FrameTransport } from "./frame-transport.ts";
import { OpenedWebSocket, WebSocketOpener } from "./web-socket-opener.ts";

/** As Engine.IO hands it on; not exported by it. */
interface EngineRequest extends IncomingMessage {
  _query: Record<string, string>;
  readonly websocket?: unknown;
}

/** Engine.IO with `FrameTransport` for its only transport. */
export class FrameEngine extends Server {
  constructor(options: Pick<ServerOptions, "maxHttpBufferSize">) {
    super({
      ...options,
      transports: ["websocket"],
      perMessageDeflate: false,
      httpCompression: false,
      wsEngine: WebSocketOpener,
    });
  }

  protected override createTransport(_name: string, request: IncomingMessage): FrameTransport {
    const { websocket } = request as EngineRequest;
    if (!(websocket instanceof OpenedWebSocket)) throw new TypeError("not a WebSocket");
    return new FrameTransport(request as EngineRequest, websocket.opened());
  }
}
