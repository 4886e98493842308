import type { OrderPage } from "@live-orders/protocol/http-orders";
import type { Status } from "@live-orders/protocol/status";
import { isTransient, type ApiError, type ApiResult } from "./api-error.ts";
import { backOffDelay } from "./back-off.ts";
import { pause, type Clock } from "./clock.ts";
import type { LedgerStep, OrderLedger } from "./order-ledger.ts";
import type { OrderListQuery, OrdersApi } from "./orders-api.ts";
import { readPage } from "./page-reading.ts";

export interface SnapshotLoaderOptions {
  readonly api: OrdersApi;
  readonly ledger: OrderLedger;
  readonly statuses: readonly Status[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Rows of the first page, which is to be painted at once (100), and of the others (500). */
  readonly firstLimit: number;
  readonly limit: number;
  /** The most rows that are loaded. */
  readonly capacity: number;
  /** Told of the rows that each page brought. */
  readonly onPage: (steps: readonly LedgerStep[]) => void;
  readonly onProgress: (progress: LoadProgress) => void;
}

export type LoadProgress =
  | { readonly kind: "loading" | "complete" | "bounded"; readonly loaded: number }
  | { readonly kind: "failed"; readonly loaded: number; readonly error: ApiError };

const BACK_OFF = { base: 250, cap: 10_000 };

/** Reads the list page by page into the ledger. */
export class SnapshotLoader {
  readonly #options: SnapshotLoaderOptions;
  #loaded = 0;

  constructor(options: SnapshotLoaderOptions) {
    this.#options = options;
  }

  /** The first page, asked for once; the feed begins with its cursor. */
  async first(): Promise<ApiResult<OrderPage>> {
    const { ledger, statuses, firstLimit } = this.#options;
    const page = await this.#lay({ statuses, limit: firstLimit }, (position) => {
      ledger.startAt(position);
    });
    if (page.ok) this.#progressed(page.value.next);
    return page;
  }

  /** The pages behind it, each asked for until it comes. Ends when all are in, at the bound, or by the signal. */
  async rest(first: OrderPage): Promise<void> {
    const { statuses, limit, signal, ledger, onPage } = this.#options;
    let { next, position } = first;
    while (next !== null && this.#loaded < this.#options.capacity) {
      const page = await this.#insist({ statuses, limit, after: next });
      if (page === null || signal.aborted) return;
      ({ next, position } = page);
      this.#progressed(next);
    }
    const swept = ledger.allRead(position, next === null);
    if (swept.length > 0) onPage(swept);
  }

  #progressed(next: string | null): void {
    const loaded = this.#loaded;
    const full = loaded >= this.#options.capacity;
    this.#options.onProgress({ kind: next === null ? "complete" : full ? "bounded" : "loading", loaded });
  }

  /** Null when it was called off, or when asking again would not help. */
  async #insist(query: OrderListQuery): Promise<OrderPage | null> {
    const { clock, random, signal, onProgress } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const page = await this.#lay(query);
      if (page.ok) return page.value;
      if (signal.aborted) return null;
      onProgress({ kind: "failed", loaded: this.#loaded, error: page.error });
      if (page.error.kind === "problem" && !isTransient(page.error)) return null;
      await pause(clock, backOffDelay(BACK_OFF, attempt, random()), signal);
    }
  }

  /** Asks for a page and lays its rows. */
  #lay(query: OrderListQuery, start?: (position: string) => void): Promise<ApiResult<OrderPage>> {
    const { ledger, onPage } = this.#options;
    const lay = (page: OrderPage): boolean => {
      const steps = ledger.layRead(page);
      if (steps === null) return false;
      start?.(page.position);
      this.#loaded += page.orders.length;
      onPage(steps);
      return true;
    };
    return readPage(this.#options, () => ({ ledger, query, lay }));
  }
}
