import type { Order } from "@live-orders/protocol/order";
import type { LiveView, RowChanges, RowId } from "./live-orders.ts";
import { OrderView, type OrderViewOptions } from "./order-view.ts";

/** What a view needs of the collection that it follows. */
export interface ViewedRows {
  orders(): Iterable<Order>;
  /** The row as it is shown. */
  shown(id: RowId): Order | null;
}

/** A view that follows the collection until it is closed. */
export class FollowingView implements LiveView {
  readonly #rows: ViewedRows;
  readonly #view: OrderView;
  readonly #listeners = new Set<() => void>();
  readonly #leave: (view: FollowingView) => void;
  #version = 0;

  constructor(rows: ViewedRows, options: OrderViewOptions, leave: (view: FollowingView) => void) {
    this.#rows = rows;
    this.#leave = leave;
    this.#view = new OrderView(options);
    this.#view.fill(rows.orders());
  }

  rows(): readonly Order[] {
    return this.#view.rows();
  }

  version(): number {
    return this.#version;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  set(options: OrderViewOptions): void {
    this.#view.set(options);
    this.#changed();
  }

  indexOf(id: RowId): number {
    const order = this.#rows.shown(id);
    const index = order === null ? -1 : this.#view.indexOf(order);
    // The row may have moved since the last notification.
    return index >= 0 ? index : this.rows().findIndex((row) => row.id === id);
  }

  close(): void {
    this.#listeners.clear();
    this.#leave(this);
  }

  follow({ all, changes }: RowChanges): void {
    if (all) this.#view.fill(this.#rows.orders());
    else if (!this.#view.apply(changes)) return;
    this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
