import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { carry } from "./tcp-carrier.ts";
import { LineConditions } from "./tcp-line.ts";

export interface TcpProxyOptions {
  /** The port that connections are passed on to. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** The port to listen on, on 127.0.0.1; default any free one. */
  listenPort?: number;
}

/** A cable between two programs that a test can spoil. What it is told holds for old and new connections alike. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Resets every open connection. New ones are still taken. */
  cut(): void;
  /** Resets every new connection at once. Open ones stay. */
  refuse(): void;
  /** Nothing passes any more, neither bytes nor an end or a reset; what was sent comes through after `allow`. */
  blackHole(): void;
  /** All that is sent from now on arrives so many milliseconds later, in order. */
  delay(ms: number): void;
  /** Each direction of each connection carries at most so many bytes a second. */
  throttle(bytesPerSecond: number): void;
  /** Everything passes again, at once. */
  allow(): void;
  /** Resets what is open and stops listening. May be called twice. */
  close(): Promise<void>;
}

export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const line = new LineConditions();
  const open = new Set<() => void>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (line.refuses) return void client.resetAndDestroy();
    const target = { port: options.port, host: options.host ?? "127.0.0.1" };
    join(client, connect({ ...target, allowHalfOpen: true, noDelay: true }), line, open);
  });
  server.listen(options.listenPort ?? 0, "127.0.0.1");
  await once(server, "listening");
  return describe(server, line, open);
}

/** Carries both directions until both sockets are closed; `open` holds what resets them before. */
function join(client: Socket, upstream: Socket, line: LineConditions, open: Set<() => void>): void {
  const end = new AbortController();
  const reset = () => {
    open.delete(reset);
    end.abort();
    client.resetAndDestroy();
    upstream.resetAndDestroy();
  };
  open.add(reset);
  const carried = [carry(client, upstream, line, end.signal), carry(upstream, client, line, end.signal)];
  void Promise.all(carried).then(reset);
}

function describe(server: Server, line: LineConditions, open: Set<() => void>): TcpProxy {
  const cut = () => {
    for (const reset of [...open]) reset();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return open.size;
    },
    cut,
    refuse: () => line.set({ refuses: true }),
    blackHole: () => line.set({ blackHole: true }),
    delay: (delayMs) => line.set({ delayMs }),
    throttle: (bytesPerSecond) => line.set({ bytesPerSecond }),
    allow: () => line.clear(),
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      cut();
      await closed;
    },
  };
}
