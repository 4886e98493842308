import type { Counts } from "@live-orders/protocol/http-orders";
import type { Clock } from "./clock.ts";
import type { OrdersApi } from "./orders-api.ts";

/** In milliseconds: while changes come, and while none do (changes of other statuses are not seen here). */
const WHILE_CHANGING = 1000;
const WHILE_QUIET = 5000;

/** The live counts, for transports that do not bring them: asked for over HTTP. */
export class CountsPoller {
  readonly #api: OrdersApi;
  readonly #clock: Clock;
  readonly #seen: (counts: Counts) => void;
  #stop: AbortController | null = null;
  #cancel: () => void = () => undefined;
  #asked = 0;
  /** One request at a time: a server that is slow is not asked the more for it. */
  #isAsking = false;
  #changedMeanwhile = false;

  constructor(api: OrdersApi, clock: Clock, seen: (counts: Counts) => void) {
    this.#api = api;
    this.#clock = clock;
    this.#seen = seen;
  }

  start(): void {
    this.stop();
    this.#stop = new AbortController();
    this.#isAsking = false;
    void this.#ask(this.#stop.signal);
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#cancel();
  }

  /** Orders have changed: the counts are asked for soon. */
  changed(): void {
    if (this.#isAsking) {
      this.#changedMeanwhile = true;
      return;
    }
    // A clock that was set back must not put it off.
    const since = Math.max(0, this.#clock.now() - this.#asked);
    if (this.#stop !== null) this.#schedule(Math.max(0, WHILE_CHANGING - since), this.#stop.signal);
  }

  #schedule(ms: number, signal: AbortSignal): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => {
      void this.#ask(signal);
    });
  }

  async #ask(signal: AbortSignal): Promise<void> {
    this.#asked = this.#clock.now();
    this.#isAsking = true;
    this.#changedMeanwhile = false;
    const counts = await this.#api.counts(undefined, { signal });
    if (signal.aborted) return;
    this.#isAsking = false;
    if (counts.ok) this.#seen(counts.value);
    this.#schedule(this.#untilNext(), signal);
  }

  #untilNext(): number {
    return this.#changedMeanwhile ? WHILE_CHANGING : WHILE_QUIET;
  }
}
