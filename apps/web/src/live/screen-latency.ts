import type { LiveOrders } from "@live-orders/client/live-orders";

/** How long a batch of changes took from the commit of its oldest change until it had been painted, in milliseconds. */
export interface LatencySample {
  /** When it was painted, in ms since 1970 by the server's clock. */
  readonly atMs: number;
  readonly ms: number;
}

interface LatencyParts {
  readonly live: Pick<LiveOrders, "follow" | "status" | "serverNow">;
  /** Runs when what stands now has been painted. */
  readonly onPainted: (run: () => void) => void;
  /** Nothing is painted on a page that nobody sees. */
  readonly isSeen: () => boolean;
}

/** The newest, for as long as the page is open. */
const MAX_SAMPLES = 2000;

/**
 * Measures from the write to the screen, on the page that is open. What is caught up with after a cut does not count: it
 * would measure the cut.
 */
export class ScreenLatency {
  #samples: LatencySample[] = [];

  constructor({ live, onPainted, isSeen }: LatencyParts) {
    live.follow(({ changes }) => {
      const committed = changes.map(({ at }) => Date.parse(at));
      if (committed.length === 0 || live.status().connection.kind !== "live" || !isSeen()) return;
      const oldest = committed.reduce((first, second) => Math.min(first, second));
      onPainted(() => {
        const atMs = live.serverNow();
        if (isSeen()) this.#add({ atMs, ms: Math.max(0, atMs - oldest) });
      });
    });
  }

  /** The oldest first. */
  samples(): readonly LatencySample[] {
    return this.#samples;
  }

  #add(sample: LatencySample): void {
    this.#samples = [...this.#samples.slice(1 - MAX_SAMPLES), sample];
  }
}
