import type { RelayHealth } from "@live-orders/relay/feed-health";
import type { Relay } from "@live-orders/relay/relay";
import type { OrderStore } from "@live-orders/store/order-store";
import { inTime } from "./http/deadline.ts";

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** How old an answer about the database may be. */
const CACHE_MS = 1_000;
const CHECK_LIMIT_MS = 3_000;

/** Ready means: a write would be taken, and it would reach every reader. One look at the database at a time. */
export class ReadinessCheck {
  readonly #store: OrderStore;
  readonly #relay: Relay;
  #stopping = false;
  #underWay: Promise<Readiness> | undefined;
  #last: { readonly atMs: number; readonly answer: Readiness } | undefined;

  constructor(store: OrderStore, relay: Relay) {
    this.#store = store;
    this.#relay = relay;
  }

  /** From now on the server is not ready. */
  stop(): void {
    this.#stopping = true;
  }

  async check(): Promise<Readiness> {
    if (this.#stopping) return { ready: false, reason: "the server is stopping" };
    const feed = feedProblem(this.#relay.health());
    if (feed !== null) return { ready: false, reason: feed };
    if (this.#last !== undefined && performance.now() - this.#last.atMs <= CACHE_MS) return this.#last.answer;
    this.#underWay ??= this.#lookAtDatabase();
    return this.#underWay;
  }

  async #lookAtDatabase(): Promise<Readiness> {
    const answer = await this.#checkDatabase();
    this.#last = { atMs: performance.now(), answer };
    this.#underWay = undefined;
    return answer;
  }

  async #checkDatabase(): Promise<Readiness> {
    try {
      await inTime(this.#store.checkWritable(), CHECK_LIMIT_MS);
      return { ready: true };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ready: false, reason: `the database takes no writes: ${why}` };
    }
  }
}

function feedProblem(health: RelayHealth): string | null {
  if (health.kind === "live") return null;
  const why = health.detail === undefined ? "" : ` (${health.cause ?? "unknown"}: ${health.detail})`;
  const forS = Math.round(health.forMs / 1000);
  return health.kind === "starting"
    ? `the feed has not started yet, for ${forS} s${why}`
    : `the feed has shown no sign of life for ${forS} s${why}`;
}
