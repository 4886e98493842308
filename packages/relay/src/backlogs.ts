import type { RelayLimits } from "./relay-limits.ts";
import type { RelayObserver } from "./relay-observer.ts";
import type { Watcher } from "./watcher.ts";

/**
 * What waits for the network, over all readers. Each reader's share is as of when it was last looked at, so that the
 * sum costs nothing; `lookAtAll` renews it.
 */
export class Backlogs {
  readonly #limits: RelayLimits;
  readonly #observer: RelayObserver;
  readonly #watchers = new Set<Watcher>();
  #total = 0;

  constructor(limits: RelayLimits, observer: RelayObserver) {
    this.#limits = limits;
    this.#observer = observer;
  }

  get total(): number {
    return this.#total;
  }

  get readers(): number {
    return this.#watchers.size;
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    this.look(watcher);
  }

  /** The reader's backlog now, in bytes. */
  look(watcher: Watcher): number {
    if (!this.#watchers.has(watcher)) return 0;
    const bytes = this.#ask(watcher);
    this.#total += bytes - watcher.backlog;
    watcher.backlog = bytes;
    return bytes;
  }

  lookAtAll(): readonly Watcher[] {
    const watchers = [...this.#watchers];
    for (const watcher of watchers) this.look(watcher);
    return watchers;
  }

  remove(watcher: Watcher): void {
    if (!this.#watchers.delete(watcher)) return;
    this.#total -= watcher.backlog;
    watcher.backlog = 0;
  }

  #ask({ subscriber }: Watcher): number {
    try {
      return subscriber.backlogBytes();
    } catch (error) {
      this.#observer.fault("a subscriber failed to tell its backlog", error);
      return 0;
    }
  }

  /** Whether catching up has to pause, because too much waits in all. */
  get isCrowded(): boolean {
    return this.#total > this.#limits.totalBacklogBytes / 2;
  }

  /** The readers that must go for the sum to stay in bounds, the largest backlogs first. */
  excess(): Watcher[] {
    const most = (this.#limits.totalBacklogBytes * 3) / 4;
    if (this.#total <= most) return [];
    const largestFirst = [...this.#watchers].sort((a, b) => b.backlog - a.backlog);
    let left = this.#total;
    return largestFirst.filter((watcher) => {
      const mustGo = left > most;
      if (mustGo) left -= watcher.backlog;
      return mustGo;
    });
  }

  /**
   * The most bytes that all readers may be handed at once: an eighth of the bound over all of them, so that what comes
   * between two looks fits in what `excess` leaves free.
   */
  get shareBytes(): number {
    const share = this.#limits.totalBacklogBytes / 8 / Math.max(1, this.#watchers.size);
    return Math.max(1, Math.min(this.#limits.pageBytes, share));
  }
}
