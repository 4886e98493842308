import type { ApiResult } from "@live-orders/client/api-error";
import type { ClockOffset } from "@live-orders/client/clock-offset";
import type { ConnectionState } from "@live-orders/client/connection-state";
import type { FeedConsumer, FeedPlace } from "@live-orders/client/feed-consumer";
import type { FeedTransport } from "@live-orders/client/feed-transport";
import { Feed } from "@live-orders/client/feed";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import { PAGE_LIMIT } from "@live-orders/protocol/order-query";
import type { Status } from "@live-orders/protocol/status";
import { RecentOrders } from "./recent-orders.ts";

export interface WatchFeedOptions {
  readonly api: Pick<OrdersApi, "list">;
  readonly transport: FeedTransport;
  readonly statuses: readonly Status[];
  /** Given to the API too, for a lag that is right although the clocks disagree. */
  readonly clockOffset: ClockOffset;
  /** Orders that are to be there at least, if there are so many. */
  readonly atLeast: () => number;
  /** Told after every change of anything here, with the changes that came, if it was these. */
  readonly onNews: (changes: readonly Change[]) => void;
}

/** What a live table shows: the orders that changed last, the counts, and how the connection is. */
export class WatchFeed {
  readonly #options: WatchFeedOptions;
  readonly #feed: Feed;
  #statuses: readonly Status[];
  #recent: RecentOrders | null = null;
  #counts: Counts | null = null;

  constructor(options: WatchFeedOptions) {
    const { transport, clockOffset } = options;
    const consumer: FeedConsumer = {
      begin: (_beginning, signal) => this.#begin(signal),
      apply: (batch) => {
        this.#apply(batch);
      },
      counts: (counts) => {
        this.#counts = counts;
        options.onNews([]);
      },
    };
    this.#options = options;
    this.#statuses = options.statuses;
    this.#feed = new Feed({ transport, consumer, counts: true, clockOffset });
    this.#feed.subscribe(() => {
      options.onNews([]);
    });
  }

  start(): void {
    this.#feed.start();
  }

  stop(): void {
    this.#feed.stop();
  }

  /** Goes over to other statuses without a gap. */
  setStatuses(statuses: readonly Status[]): void {
    this.#statuses = statuses;
    this.#feed.switchOver();
    this.#options.onNews([]);
  }

  get statuses(): readonly Status[] {
    return this.#statuses;
  }

  get counts(): Counts | null {
    return this.#counts;
  }

  get connection(): ConnectionState {
    return this.#feed.state();
  }

  /** Null until a first page is there. */
  top(count: number): Order[] | null {
    return this.#recent?.top(count) ?? null;
  }

  async #begin(signal: AbortSignal): Promise<ApiResult<FeedPlace>> {
    const statuses = this.#statuses;
    const page = await this.#options.api.list({ statuses, limit: PAGE_LIMIT.max }, { signal });
    if (!page.ok) return page;
    const { orders, next, cursor, position } = page.value;
    this.#recent = new RecentOrders(statuses, orders, next === null);
    this.#options.onNews([]);
    return { ok: true, value: { statuses, after: cursor, position } };
  }

  #apply({ changes }: ChangeBatch): void {
    const recent = this.#recent;
    if (recent === null || changes.length === 0) return;
    const told = changes.map((change) => recent.apply(change)).every(Boolean);
    if (!told || recent.lacks(this.#options.atLeast())) this.#feed.switchOver();
    this.#options.onNews(changes);
  }
}
