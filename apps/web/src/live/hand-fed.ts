import type { LiveStatus } from "@live-orders/client/live-orders";
import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import { STATUSES, type Status } from "@live-orders/protocol/status";

/** For tests: the position of a feed's n-th change. */
export const placeOf = (count: number): Position => `p${String(count).padStart(6, "0")}`;

/** For tests: a feed that is moved by hand. */
export class HandFed {
  /** All that were committed, whether handed over or not. */
  readonly changes: Change[] = [];
  statuses: readonly Status[] = STATUSES;
  resyncs = 0;
  readonly #followers = new Set<(batch: ChangeBatch) => void>();
  readonly #watchers = new Set<() => void>();

  follow(listener: (batch: ChangeBatch) => void): () => void {
    this.#followers.add(listener);
    return () => this.#followers.delete(listener);
  }

  position(): Position {
    return placeOf(this.changes.length);
  }

  status(): LiveStatus {
    return {
      connection: { kind: "live", lag: null },
      statuses: this.statuses,
      counts: null,
      snapshot: { kind: "empty" },
      resyncs: { count: this.resyncs, reason: null },
      saving: 0,
      waiting: 0,
    };
  }

  subscribeStatus(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** `seen`: the feed hands it over. */
  commit(change: Change, seen: boolean): void {
    this.changes.push(change);
    const batch = { changes: [change], position: change.position, cursor: change.position };
    if (seen) for (const follower of this.#followers) follower(batch);
  }

  tellStatus(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
