import type { Backlogs } from "./backlogs.ts";
import type { CatchUp } from "./catch-up.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { RelayObserver } from "./relay-observer.ts";
import type { Watches } from "./watches.ts";

const MAX_BYTES_BETWEEN = 64 * 1024;

interface SweepParts {
  readonly backlogs: Backlogs;
  readonly limits: RelayLimits;
  readonly observer: RelayObserver;
  readonly catchUp: CatchUp;
  readonly watches: Watches;
}

/**
 * Finds the readers that do not keep up. No backlog can have grown by more than what was broadcast since the last
 * look, so a look is due only after a certain number of bytes: an idle feed costs nothing, a busy one little.
 *
 * It looks before a run is passed on and not after: by then a socket that is read has written what it was handed.
 */
export class Sweep {
  readonly #parts: SweepParts;
  #bytes = 0;

  constructor(parts: SweepParts) {
    this.#parts = parts;
  }

  /** To be called with the size of each run, before it is passed on. */
  before(bytes: number): void {
    const { backlogs } = this.#parts;
    if (this.#bytes >= Math.min(MAX_BYTES_BETWEEN, backlogs.shareBytes / 2)) {
      this.#bytes = 0;
      this.#look();
    }
    this.#bytes += bytes;
  }

  #look(): void {
    const { backlogs, limits, observer, catchUp, watches } = this.#parts;
    for (const watcher of backlogs.lookAtAll()) {
      if (!watcher.is("live") || watcher.backlog <= limits.backlogBytes) continue;
      observer.evicted();
      catchUp.evict(watcher);
    }
    for (const watcher of backlogs.excess()) watches.close(watcher, "slow");
  }
}
