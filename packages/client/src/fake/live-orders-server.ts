import type { Order } from "@live-orders/protocol/order";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { createLiveOrders, type LiveOrdersOptions } from "../live-orders-session.ts";
import type { LiveOrders, RowChange } from "../live-orders.ts";
import { createOrdersApi, type OrdersApi } from "../orders-api.ts";
import { socketIoTransport } from "../socket-io-transport.ts";
import { FakeOrdersServer } from "./orders-server.ts";

export const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });

const byId = (a: Order, b: Order) => a.id - b.id;

/** The orders that the client shows, by id. */
export const shown = (live: LiveOrders): Order[] => [...live.orders()].sort(byId);
export const kindOf = (live: LiveOrders) => live.status().connection.kind;

/** A server for each test of a file, and live collections over it, all ended after the test. */
export class LiveOrdersServer {
  server = new FakeOrdersServer();
  readonly #running: LiveOrders[] = [];

  /** A try that the server never hears of is given up long before `eventually` is. */
  api(): OrdersApi {
    return createOrdersApi({ baseUrl: this.server.url, backOff: { base: 10, cap: 50 }, timeout: 2000 });
  }

  /** A live collection, over Socket.IO by default, that has been started. */
  open(options: Partial<LiveOrdersOptions> = {}): LiveOrders {
    const live = createLiveOrders({
      api: this.api(),
      transport: socketIoTransport({ url: this.server.url }),
      random: () => 0,
      ...options,
    });
    this.#running.push(live);
    live.start();
    return live;
  }

  /** Waits until the client is live and shows exactly the server's orders. */
  async settle(live: LiveOrders): Promise<void> {
    await eventually(() => {
      expect(kindOf(live)).toBe("live");
      const { statuses } = live.status();
      const standing = this.server.history.rows().filter(({ status }) => statuses.includes(status));
      expect(shown(live)).toEqual(standing.sort(byId));
    });
  }

  /** Cuts every connection, and waits until the client knows. */
  async cut(live: LiveOrders): Promise<void> {
    await eventually(() => {
      this.server.cut();
      expect(kindOf(live)).toBe("reconnecting");
    });
  }

  async begin(): Promise<void> {
    this.server = new FakeOrdersServer();
    await this.server.start();
  }

  async end(): Promise<void> {
    for (const live of this.#running.splice(0)) live.stop();
    await this.server.stop();
  }
}

/** To be called once in a test file. */
export function useLiveOrdersServer(): LiveOrdersServer {
  const parts = new LiveOrdersServer();
  beforeEach(() => parts.begin());
  afterEach(() => parts.end());
  return parts;
}

/** Changes row by row, as a listener is told. */
export function record(live: LiveOrders): RowChange[] {
  const seen: RowChange[] = [];
  live.subscribe(({ changes }) => seen.push(...changes));
  return seen;
}
