import { fallbackTransport } from "@live-orders/client/fallback-transport";
import type { FeedTransport } from "@live-orders/client/feed-transport";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { longPollTransport, pollTransport } from "@live-orders/client/polling-transport";
import { sharedTransport } from "@live-orders/client/shared-transport";
import { socketIoTransport } from "@live-orders/client/socket-io-transport";
import { sseTransport } from "@live-orders/client/sse-transport";
import {
  TRANSPORT_NAMES,
  transportNameSchema,
  type TransportChoice,
  type TransportName,
} from "@live-orders/client/transport-name";
import { browserTabs } from "./browser-tabs.ts";

/** In words; `short` stands beside the state of the connection. */
export const TRANSPORT_WORDS: Readonly<
  Record<TransportName, { readonly name: string; readonly short: string }>
> = {
  "socket.io": { name: "Socket.IO", short: "Socket.IO" },
  sse: { name: "Server-Sent Events", short: "SSE" },
  "long-poll": { name: "Long poll", short: "long poll" },
  poll: { name: "Poll every 2 s", short: "poll" },
};

export const TRANSPORT_CHOICES: readonly TransportChoice[] = ["auto", ...TRANSPORT_NAMES];
export const choiceWord = (choice: TransportChoice): string =>
  choice === "auto" ? "Automatic" : TRANSPORT_WORDS[choice].name;

const KEY = "live-orders-transport";

/** Where the choice is kept; a browser may forbid it. */
type Kept = Pick<Storage, "getItem" | "setItem">;

/** Which transport the page uses: what was chosen, kept in the browser, and what is in use. */
export class TransportSetting {
  readonly #kept: Kept | null;
  readonly #make: Readonly<Record<TransportName, () => FeedTransport>>;
  readonly #listeners = new Set<() => void>();
  #choice: TransportChoice;
  #used: TransportName | null = null;

  constructor(kept: Kept | null, make: Readonly<Record<TransportName, () => FeedTransport>>) {
    this.#kept = kept;
    this.#make = make;
    const parsed = transportNameSchema.safeParse(kept?.getItem(KEY));
    this.#choice = parsed.success ? parsed.data : "auto";
  }

  choice(): TransportChoice {
    return this.#choice;
  }

  /** The transport that carries the feed, as far as it is known. */
  used(): TransportName | null {
    return this.#used;
  }

  choose(choice: TransportChoice): void {
    this.#choice = choice;
    try {
      this.#kept?.setItem(KEY, choice);
    } catch {
      // Storage is full or switched off: it holds until the page is left.
    }
    this.#tell(null);
  }

  /** The transport that was chosen. */
  transport(): FeedTransport {
    const names = this.#choice === "auto" ? TRANSPORT_NAMES : [this.#choice];
    const onUse = (name: string) => {
      const parsed = transportNameSchema.safeParse(name);
      this.#tell(parsed.success ? parsed.data : null);
    };
    return fallbackTransport(
      names.map((name) => this.#make[name]()),
      { onUse },
    );
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #tell(used: TransportName | null): void {
    this.#used = used;
    for (const listener of this.#listeners) listener();
  }
}

/** The transports of the page's own origin. Those that hold one of its connections are shared by the tabs. */
export function pageTransports(api: OrdersApi): Readonly<Record<TransportName, () => FeedTransport>> {
  const shared = (transport: FeedTransport) => {
    const tabs = browserTabs(`live-orders-1-${transport.name}`);
    return tabs === null ? transport : sharedTransport({ transport, api, tabs });
  };
  return {
    "socket.io": () => socketIoTransport(),
    sse: () => shared(sseTransport({ api })),
    "long-poll": () => shared(longPollTransport({ api })),
    poll: () => pollTransport({ api }),
  };
}
