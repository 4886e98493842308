import type { LiveView, RowChange, RowChanges, RowId } from "@live-orders/client/live-orders";
import type { Order } from "@live-orders/protocol/order";
import { compareOrders, DEFAULT_SORT, searchMatcher, type Sort } from "@live-orders/protocol/order-query";

/** For tests: a collection of orders and a view of it, moved by hand. */
export class FakeLive {
  readonly orders = new Map<RowId, Order>();
  readonly #listeners = new Set<(changes: RowChanges) => void>();
  #sort: Sort = DEFAULT_SORT;
  #q = "";

  readonly view: LiveView = {
    rows: () => [...this.orders.values()].filter(searchMatcher(this.#q)).sort(compareOrders(this.#sort)),
    version: () => 0,
    subscribe: () => () => undefined,
    set: ({ sort, q }) => {
      this.#sort = sort ?? this.#sort;
      this.#q = q ?? this.#q;
    },
    indexOf: (id) => this.view.rows().findIndex((order) => order.id === id),
    close: () => undefined,
  };

  subscribe(listener: (changes: RowChanges) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  row(id: RowId) {
    const order = this.orders.get(id);
    if (order === undefined) return undefined;
    return { id, order, confirmed: order, saving: null, waiting: false, failure: null };
  }

  /** Everything is new. */
  reset(orders: readonly Order[]): void {
    this.orders.clear();
    for (const order of orders) this.orders.set(order.id, order);
    this.#tell({ all: true, changes: [] });
  }

  /** One row becomes another; `after` null: it leaves. */
  change(id: RowId, after: Order | null, more: Partial<RowChange> = {}): void {
    const before = this.orders.get(id) ?? null;
    if (after === null) this.orders.delete(id);
    else this.orders.set(id, after);
    const change = { id, before, after, by: "others", change: null, marked: false, replaces: null } as const;
    this.#tell({ all: false, changes: [{ ...change, ...more }] });
  }

  #tell(changes: RowChanges): void {
    for (const listener of this.#listeners) listener(changes);
  }
}

/** For tests: the order `id`, changed `second` seconds into an hour. */
export const orderAt = (id: RowId, second: number, more: Partial<Order> = {}): Order => ({
  id,
  customer_name: `Customer ${id}`,
  product_name: "Chair",
  status: "pending",
  updated_at: new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString(),
  ...more,
});
