import { fallbackTransport } from "./fallback-transport.ts";
import type { FeedTransport } from "./feed-transport.ts";
import type { OrdersApi } from "./orders-api.ts";
import { longPollTransport, pollTransport } from "./polling-transport.ts";
import { socketIoTransport } from "./socket-io-transport.ts";
import { sseTransport } from "./sse-transport.ts";
import { TRANSPORT_NAMES, type TransportChoice, type TransportName } from "./transport-name.ts";

/** The feed of the server at `url` (`http://127.0.0.1:3000`), for programs outside a browser; `api` is that server's. */
export function serverTransport(
  url: string,
  api: OrdersApi,
  choice: TransportChoice = "auto",
): FeedTransport {
  const make: Readonly<Record<TransportName, () => FeedTransport>> = {
    "socket.io": () => socketIoTransport({ url }),
    sse: () => sseTransport({ baseUrl: url, api }),
    "long-poll": () => longPollTransport({ api }),
    poll: () => pollTransport({ api }),
  };
  return choice === "auto" ? fallbackTransport(TRANSPORT_NAMES.map((name) => make[name]())) : make[choice]();
}
