import type { OrderPage } from "@live-orders/protocol/http-orders";
import type { ApiResult } from "./api-error.ts";
import type { Clock } from "./clock.ts";
import type { LoadQuery, SnapshotState } from "./live-orders.ts";
import type { LiveRows } from "./live-rows.ts";
import type { OrdersApi } from "./orders-api.ts";
import { readPage, type WantedPage } from "./page-reading.ts";
import { SnapshotLoader } from "./snapshot-loader.ts";

export interface SnapshotOptions {
  readonly api: OrdersApi;
  readonly rows: LiveRows;
  readonly clock: Clock;
  readonly random: () => number;
  /** As of `SnapshotLoader`. */
  readonly firstLimit: number;
  readonly limit: number;
  readonly capacity: number;
  readonly onChanged: () => void;
}

/** The list as it is read into the rows, and how far that has come. */
export class Snapshot {
  readonly #options: SnapshotOptions;
  #state: SnapshotState = { kind: "empty" };
  #loading = new AbortController();

  constructor(options: SnapshotOptions) {
    this.#options = options;
  }

  get state(): SnapshotState {
    return this.#state;
  }

  /** Whether it was called off with pages still to come. */
  get isCut(): boolean {
    const { kind } = this.#state;
    return (kind === "loading" || kind === "failed") && this.#loading.signal.aborted;
  }

  /** Reads it from the beginning; what was still being read is called off. */
  begin(signal: AbortSignal): SnapshotLoader {
    this.callOff();
    const loading = new AbortController();
    this.#loading = loading;
    signal.addEventListener("abort", () => {
      loading.abort();
    });
    const { rows, onChanged: _, ...options } = this.#options;
    return new SnapshotLoader({
      ...options,
      ledger: rows.ledger,
      statuses: rows.statuses,
      signal: loading.signal,
      onPage: (steps) => {
        rows.loaded(steps);
      },
      onProgress: (progress) => {
        if (!loading.signal.aborted) this.#progressed(progress);
      },
    });
  }

  callOff(): void {
    this.#loading.abort();
  }

  /** Of other statuses, or void: nothing of it is in. */
  empty(): void {
    this.#progressed({ kind: "empty" });
  }

  /** The rows of longest ago make room for those that the feed brings. */
  trim(): void {
    const { rows, capacity } = this.#options;
    rows.trim();
    if (rows.ledger.isTrimmed && this.#state.kind === "complete")
      this.#progressed({ kind: "bounded", loaded: capacity });
  }

  /** One page on the side, laid among the rows. */
  async page(query: LoadQuery, signal: AbortSignal | undefined): Promise<ApiResult<OrderPage>> {
    const { api, clock, random } = this.#options;
    return readPage({ api, clock, random, signal }, () => this.#wanted(query));
  }

  /** Of the statuses that are watched when it is asked for; if these are others when it comes, it is asked for again. */
  #wanted(query: LoadQuery): WantedPage {
    const { rows } = this.#options;
    const { ledger, statuses } = rows;
    const lay = (page: OrderPage): boolean => {
      const steps = ledger === rows.ledger ? ledger.layRead(page) : null;
      if (steps !== null) rows.loaded(steps);
      return steps !== null;
    };
    return { ledger, query: { ...query, statuses }, lay };
  }

  #progressed(state: SnapshotState): void {
    this.#state = state;
    this.#options.onChanged();
  }
}
