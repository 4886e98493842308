import type { RowChange, RowChanges } from "./live-orders.ts";
import { sameOrder } from "./order-ledger.ts";

/** Gathers what changed between two notifications, one entry a row: from its first `before` to its last `after`. */
export class RowChangeLog {
  #byId = new Map<number, RowChange>();
  #all = false;

  get isEmpty(): boolean {
    return !this.#all && this.#byId.size === 0;
  }

  add(change: RowChange): void {
    if (this.#all) return;
    const earlier = this.#byId.get(change.id);
    this.#byId.set(change.id, earlier === undefined ? change : joined(earlier, change));
  }

  /** Everything is new. */
  addAll(): void {
    this.#all = true;
    this.#byId.clear();
  }

  /** What was gathered; the log is empty then. */
  take(): RowChanges {
    const changes = Array.from(this.#byId.values()).filter(isChange);
    const all = this.#all;
    this.#byId = new Map();
    this.#all = false;
    return { all, changes };
  }
}

function joined(earlier: RowChange, later: RowChange): RowChange {
  const letGo = later.by === "bound";
  return {
    id: later.id,
    before: earlier.before,
    after: later.after,
    by: earlier.by === "others" && !letGo ? "others" : later.by,
    // What was told of the row before it was let go does not say where it went.
    change: letGo ? null : (later.change ?? earlier.change),
    marked: earlier.marked || later.marked,
    replaces: later.replaces ?? earlier.replaces,
  };
}

function isChange({ before, after, marked }: RowChange): boolean {
  if (before === null || after === null) return before !== after;
  return marked || !sameOrder(before, after);
}
