import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { compareOrders, DEFAULT_SORT } from "@live-orders/protocol/order-query";
import type { Status } from "@live-orders/protocol/status";

const compare = compareOrders(DEFAULT_SORT);

/** More are dropped down to half of it, the oldest first. Far more than a screen shows. */
export const MOST_HELD = 1000;

/** The orders that changed last: a page of them, and from there on change by change. */
export class RecentOrders {
  readonly #rows = new Map<number, Order>();
  readonly #statuses: readonly Status[];
  /** Orders that changed before this one are not held; null if all are. */
  #oldest: Order | null;

  /** `orders`: a page of the default sort; `complete`: there are no others. */
  constructor(statuses: readonly Status[], orders: readonly Order[], complete: boolean) {
    this.#statuses = statuses;
    for (const order of orders) this.#rows.set(order.id, order);
    this.#oldest = complete ? null : (orders.at(-1) ?? null);
  }

  /** The first so many, what changed last at the top. */
  top(count: number): Order[] {
    return this.#sorted().slice(0, count);
  }

  /** Fewer are held than there are, and than `count`: it takes a page to tell which come next. */
  lacks(count: number): boolean {
    return this.#oldest !== null && this.#rows.size < count;
  }

  /** False if the change does not tell what became of the order: it takes a page to see. */
  apply({ op, id, after }: Change): boolean {
    if (after === null && op !== "delete") return false;
    this.#rows.delete(id);
    const kept = after !== null && this.#statuses.includes(after.status);
    if (!kept || (this.#oldest !== null && compare(after, this.#oldest) > 0)) return true;
    this.#rows.set(id, after);
    if (this.#rows.size > MOST_HELD) this.#dropOldest();
    return true;
  }

  #dropOldest(): void {
    const sorted = this.#sorted();
    for (const order of sorted.slice(MOST_HELD / 2)) this.#rows.delete(order.id);
    this.#oldest = sorted[MOST_HELD / 2 - 1] ?? null;
  }

  #sorted(): Order[] {
    return [...this.#rows.values()].sort(compare);
  }
}
