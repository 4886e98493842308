import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { LaneMeter } from "./lane-meter.ts";
import type { Lane, LaneState } from "./lane.ts";
import { LatencyWindow } from "./latency-window.ts";
import { SeenLog, stateKey, stateOf } from "./seen-log.ts";

export interface TableLaneOptions {
  readonly api: OrdersApi;
  readonly meter: LaneMeter;
  /** The server's clock, in ms. */
  readonly now: () => number;
  /** When the state was committed, in ms, if another lane has told of it: the table itself does not say. */
  readonly committedAt: (state: string) => number | null;
}

/** In ms, and rows. */
const EVERY = 2000;
const PAGE = 100;

/**
 * The naive way: the newest rows of the table every two seconds, compared with those of before. It is not told what was
 * in between, so of a row that changed twice it sees one state.
 */
export class TableLane implements Lane {
  readonly name = "table";
  readonly latency = new LatencyWindow();
  readonly #options: TableLaneOptions;
  readonly #log = new SeenLog();
  /** The state of each row, by its id. */
  #rows: ReadonlyMap<number, string> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();
  #isCut = false;
  #seen = 0;

  constructor(options: TableLaneOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stop = new AbortController();
    void this.#ask(this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  cut(): void {
    this.#isCut = true;
    this.stop();
  }

  join(): void {
    this.#isCut = false;
    this.start();
  }

  state(): LaneState {
    if (this.#isCut) return "cut";
    return this.#rows === null ? "connecting" : "live";
  }

  seen = () => this.#seen;
  cost = () => this.#options.meter.cost();
  sawAt = (change: Change) => this.#log.at(stateOf(change));

  async #ask(signal: AbortSignal): Promise<void> {
    const page = await this.#options.api.list({ limit: PAGE }, { signal });
    if (signal.aborted) return;
    if (page.ok) this.#compare(page.value.orders, page.value.next === null);
    this.#timer = setTimeout(() => {
      void this.#ask(signal);
    }, EVERY);
  }

  /** `isWhole`: there are no more rows than these, so that one that is missing is gone. */
  #compare(orders: readonly Order[], isWhole: boolean): void {
    const before = this.#rows;
    const rows = new Map(orders.map((order) => [order.id, stateKey(order.id, order)]));
    this.#rows = rows;
    if (before === null) return;
    const news = [...rows].filter(([id, state]) => before.get(id) !== state).map(([, state]) => state);
    const gone = isWhole ? [...before.keys()].filter((id) => !rows.has(id)) : [];
    if (news.length + gone.length > 0) this.#options.meter.broughtNews();
    for (const state of news) this.#saw(state);
    for (const id of gone) this.#saw(stateKey(id, null));
  }

  #saw(state: string): void {
    const { now, committedAt } = this.#options;
    const seenAt = now();
    this.#seen += 1;
    this.#log.note(state, seenAt);
    const at = committedAt(state);
    if (at !== null) this.latency.add(seenAt, seenAt - at);
  }
}
