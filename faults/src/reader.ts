import type { Clock } from "@live-orders/client/clock";
import type { FeedTransport } from "@live-orders/client/feed-transport";
import type { LiveOrders, LiveStatus } from "@live-orders/client/live-orders";
import { createLiveOrders } from "@live-orders/client/live-orders-session";
import { createOrdersApi, type OrdersApi } from "@live-orders/client/orders-api";
import { longPollTransport, pollTransport } from "@live-orders/client/polling-transport";
import { socketIoTransport } from "@live-orders/client/socket-io-transport";
import { sseTransport } from "@live-orders/client/sse-transport";
import type { TransportName } from "@live-orders/client/transport-name";
import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { orderText } from "./order-text.ts";
import { ANY_NODE, type Route } from "./route.ts";

/** Quicker than the page's, so that a trial need not wait for it. In milliseconds. */
const POLL_INTERVAL = 500;

export interface ReaderOptions {
  readonly transport: TransportName;
  readonly statuses: readonly Status[];
  readonly route: Route;
  readonly clock?: Clock;
}

/** The product's own client on one transport, and a record of everything that it was handed and showed. */
export class Reader {
  readonly name: string;
  readonly statuses: readonly Status[];
  readonly live: LiveOrders;
  /** In the order of their arrival. */
  readonly changes: Change[] = [];
  /** Every state of an order that was ever shown as confirmed. */
  readonly shown = new Set<string>();
  /** When a change arrived last, and the longest time between two arrivals since `watchSilence`; in ms. */
  longestSilenceMs = 0;
  #lastAtMs = performance.now();
  /** Snapshots asked for: first pages of the list. */
  snapshots = 0;

  constructor({ transport, statuses, route, clock }: ReaderOptions) {
    this.name = `${transport} ${statuses.join("+")}`;
    this.statuses = statuses;
    const clocked = clock && { clock };
    const api = this.#counting(createOrdersApi({ baseUrl: ANY_NODE, fetch: route.fetch, ...clocked }));
    this.live = createLiveOrders({
      api,
      transport: transportOf(transport, route, api),
      statuses,
      ...clocked,
    });
    this.live.follow(({ changes }) => {
      if (changes.length > 0) this.#heard();
      this.changes.push(...changes);
    });
    this.live.subscribe(({ all, changes }) => {
      const rows = all ? this.live.orders() : changes.flatMap(({ after }) => after ?? []);
      for (const order of rows) this.shown.add(orderText(order));
    });
  }

  get state(): LiveStatus["connection"]["kind"] {
    return this.live.status().connection.kind;
  }

  get resets(): number {
    return this.live.status().resyncs.count;
  }

  /** Live, with every page read. */
  get isWhole(): boolean {
    return this.state === "live" && this.live.status().snapshot.kind === "complete";
  }

  watchSilence(): void {
    this.longestSilenceMs = 0;
    this.#lastAtMs = performance.now();
  }

  /** How many orders differ from those of the table that are within the statuses. */
  differences(table: ReadonlyMap<number, Order>): number {
    const wanted = new Map([...table].filter(([, { status }]) => this.statuses.includes(status)));
    let differences = 0;
    for (const order of this.live.orders()) {
      const standing = wanted.get(order.id);
      if (standing === undefined || orderText(standing) !== orderText(order)) differences += 1;
      wanted.delete(order.id);
    }
    return differences + wanted.size;
  }

  #heard(): void {
    const nowMs = performance.now();
    this.longestSilenceMs = Math.max(this.longestSilenceMs, nowMs - this.#lastAtMs);
    this.#lastAtMs = nowMs;
  }

  #counting(api: OrdersApi): OrdersApi {
    return {
      ...api,
      list: (query, how) => {
        if (query?.after === undefined) this.snapshots += 1;
        return api.list(query, how);
      },
    };
  }
}

function transportOf(name: TransportName, route: Route, api: OrdersApi): FeedTransport {
  switch (name) {
    case "socket.io":
      return route.transport(name, (url) => socketIoTransport({ url }));
    case "sse":
      return route.transport(name, (baseUrl) => sseTransport({ baseUrl, api }));
    case "long-poll":
      return longPollTransport({ api });
    case "poll":
      return pollTransport({ api, interval: POLL_INTERVAL });
  }
}
