import type { FeedState } from "@live-orders/protocol/socket-events";
import type { Relay } from "@live-orders/relay/relay";
import type { Cancel, Timers } from "@live-orders/relay/timers";

/** How often the feed's health is looked at, in milliseconds. */
const LOOK_MS = 500;

type Tell = (feed: FeedState) => void;

/**
 * Sees when the server's feed stops to flow, and when it flows again, and tells the readers: their connections stand all
 * the while, and would say nothing of it.
 */
export class FeedWatch {
  readonly #relay: Pick<Relay, "health">;
  readonly #timers: Timers;
  readonly #followers = new Set<Tell>();
  #isStale = false;
  #cancel: Cancel = () => undefined;

  constructor(relay: Pick<Relay, "health">, timers: Timers) {
    this.#relay = relay;
    this.#timers = timers;
  }

  start(): void {
    this.#look();
    this.#cancel = this.#timers.after(LOOK_MS, () => this.start());
  }

  stop(): void {
    this.#cancel();
  }

  get isStale(): boolean {
    return this.#isStale;
  }

  /** Tells at once if the feed is stale, and from then on when it turns. What it gives ends it. */
  follow(tell: Tell): () => void {
    if (this.isStale) tell({ state: "stale" });
    this.#followers.add(tell);
    return () => this.#followers.delete(tell);
  }

  #look(): void {
    const isStale = this.#relay.health().kind === "stale";
    if (isStale === this.#isStale) return;
    this.#isStale = isStale;
    for (const tell of [...this.#followers]) tell({ state: isStale ? "stale" : "live" });
  }
}
