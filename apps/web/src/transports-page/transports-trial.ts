import type { OrdersApi } from "@live-orders/client/orders-api";
import { createLanes } from "./lanes.ts";
import type { Lane, LaneName, LaneState } from "./lane.ts";
import type { LaneCost } from "./lane-meter.ts";
import { cutLines, type CutState } from "./line-cut.ts";

/** One lane's figures. Latencies in ms, of the last minute; null while there are none. */
export interface LaneFigures extends LaneCost {
  readonly name: LaneName;
  readonly state: LaneState;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly seen: number;
  /** The median latency of each second of the last minute, the oldest first. */
  readonly bySecond: readonly (number | null)[];
}

export interface TrialFigures {
  /** None before the lanes have begun. */
  readonly lanes: readonly LaneFigures[];
  /** Changes since the lanes began, as far as any lane was told. */
  readonly changes: number;
  readonly cut: CutState;
}

export interface TrialOptions {
  readonly api: OrdersApi;
  /** Nothing for the page's own origin. */
  readonly baseUrl?: string;
  /** The server's clock, in ms. */
  readonly now: () => number;
}

/** How often the figures are taken, and how soon a server that does not answer is asked again. In ms. */
const TICK = 250;
const AGAIN = 2000;

/** The same writes seen in five ways at once. `start` begins anew, `stop` ends every connection. */
export class TransportsTrial {
  readonly #options: TrialOptions;
  readonly #listeners = new Set<() => void>();
  #lanes: readonly Lane[] = [];
  #cut: CutState = { kind: "none" };
  #stop: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #figures: TrialFigures = { lanes: [], changes: 0, cut: this.#cut };

  constructor(options: TrialOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stop !== null) return;
    this.#stop = new AbortController();
    this.#cut = { kind: "none" };
    void this.#begin(this.#stop.signal);
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    clearInterval(this.#timer);
    for (const lane of this.#lanes) lane.stop();
    this.#lanes = [];
    this.#take();
  }

  /** Cuts every lane's line for some seconds, unless a cut is being looked at. */
  cut(seconds: number): void {
    const isFree = this.#cut.kind !== "cut" && this.#cut.kind !== "catching-up";
    if (this.#stop === null || this.#lanes.length === 0 || !isFree) return;
    const { signal } = this.#stop;
    void cutLines({
      api: this.#options.api,
      lanes: this.#lanes,
      seconds,
      now: this.#options.now,
      signal,
      tell: (state) => {
        if (signal.aborted) return;
        this.#cut = state;
        this.#take();
      },
    });
  }

  /** The same object until they are taken again. */
  figures = (): TrialFigures => this.#figures;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  async #begin(signal: AbortSignal): Promise<void> {
    const { api, baseUrl = "", now } = this.#options;
    const here = await api.changes({}, { signal });
    if (signal.aborted) return;
    if (!here.ok) {
      this.#timer = setTimeout(() => void this.#begin(signal), AGAIN);
      return;
    }
    this.#lanes = createLanes({ baseUrl, after: here.value.cursor, now });
    for (const lane of this.#lanes) lane.start();
    this.#timer = setInterval(() => {
      this.#take();
    }, TICK);
    this.#take();
  }

  #take(): void {
    const now = this.#options.now();
    const lanes = this.#lanes.map((lane) => figuresOf(lane, now));
    const told = lanes.filter(({ name }) => name !== "table").map(({ seen }) => seen);
    this.#figures = { lanes, changes: Math.max(0, ...told), cut: this.#cut };
    for (const listener of [...this.#listeners]) listener();
  }
}

const figuresOf = (lane: Lane, now: number): LaneFigures => ({
  name: lane.name,
  state: lane.state(),
  p50: lane.latency.quantile(0.5, now),
  p95: lane.latency.quantile(0.95, now),
  seen: lane.seen(),
  bySecond: lane.latency.bySecond(now),
  ...lane.cost(),
});
