import type { Order } from "@live-orders/protocol/order";
import { compareOrders, DEFAULT_SORT, searchMatcher, type Sort } from "@live-orders/protocol/order-query";
import { applySorted, lowerBound, type Compare, type SortedStep } from "./sorted-rows.ts";

export interface OrderViewOptions {
  readonly sort?: Sort;
  readonly q?: string;
}

/**
 * Rows under a sort and a search, kept in order change by change. The rows are held twice while there is a search, so
 * that another search need not sort them again.
 */
export class OrderView {
  #sort: Sort;
  #q: string;
  #compare: Compare<Order>;
  #matches: (order: Order) => boolean;
  #sorted: Order[] = [];
  /** The same array as `#sorted` while there is no search. */
  #found: Order[] = this.#sorted;

  constructor(options: OrderViewOptions = {}) {
    this.#sort = options.sort ?? DEFAULT_SORT;
    this.#q = options.q ?? "";
    this.#compare = compareOrders(this.#sort);
    this.#matches = searchMatcher(this.#q);
    this.#search();
  }

  get sort(): Sort {
    return this.#sort;
  }

  get q(): string {
    return this.#q;
  }

  /** The rows in order; changed in place. */
  rows(): readonly Order[] {
    return this.#found;
  }

  /** Takes these rows instead of those held. Those that it holds already keep their order, and are not sorted again. */
  fill(orders: Iterable<Order>): void {
    const coming = new Map<number, Order>();
    for (const order of orders) coming.set(order.id, order);
    const kept = this.#sorted.filter((order) => coming.get(order.id) === order);
    for (const { id } of kept) coming.delete(id);
    const steps = Array.from(coming.values(), (after) => ({ before: null, after }));
    applySorted(kept, steps, this.#compare);
    this.#sorted = kept;
    this.#search();
  }

  /** True if the rows shown are different now. */
  apply(steps: readonly SortedStep<Order>[]): boolean {
    const searched = this.#q === "" ? [] : steps.map((step) => this.#searched(step)).filter(isStep);
    applySorted(this.#sorted, steps, this.#compare);
    if (this.#q !== "") applySorted(this.#found, searched, this.#compare);
    return this.#q === "" ? steps.length > 0 : searched.length > 0;
  }

  /** Another sort or search. */
  set(options: OrderViewOptions): void {
    const sort = options.sort ?? this.#sort;
    const q = options.q ?? this.#q;
    if (sort.field !== this.#sort.field || sort.descending !== this.#sort.descending) {
      this.#sort = sort;
      this.#compare = compareOrders(sort);
      this.#sorted = this.#sorted.slice().sort(this.#compare);
    }
    this.#q = q;
    this.#matches = searchMatcher(q);
    this.#search();
  }

  /** Where this very order stands, or -1. */
  indexOf(order: Order): number {
    const index = lowerBound(this.#found, order, this.#compare);
    return this.#found[index]?.id === order.id ? index : -1;
  }

  #search(): void {
    this.#found = this.#q === "" ? this.#sorted : this.#sorted.filter(this.#matches);
  }

  #searched({ before, after }: SortedStep<Order>): SortedStep<Order> {
    return {
      before: before !== null && this.#matches(before) ? before : null,
      after: after !== null && this.#matches(after) ? after : null,
    };
  }
}

const isStep = ({ before, after }: SortedStep<Order>): boolean => before !== null || after !== null;
