import type { Change } from "@live-orders/protocol/change";
import type { OrderPage } from "@live-orders/protocol/http-orders";
import type { Order, OrderFields, OrderPatch } from "@live-orders/protocol/order";
import { compareOrders, DEFAULT_SORT, searchMatcher, type Sort } from "@live-orders/protocol/order-query";
import type { Status } from "@live-orders/protocol/status";

/**
 * A list of writes, and all that can be read off it: the orders as of any position, pages, changes. The oracle of the
 * tests, and the database of the fake server.
 */
export class OrderHistory {
  readonly changes: Change[] = [];
  readonly #rows = new Map<number, Order>();
  readonly #byId = new Map<number, Change[]>();
  #count = 0;
  #lastId = 0;
  #lastDate = 0;

  /** The position of the last write. */
  get position(): string {
    return positionAt(this.#count);
  }

  get(id: number): Order | undefined {
    return this.#rows.get(id);
  }

  rows(): Order[] {
    return [...this.#rows.values()];
  }

  insert(fields: Partial<OrderFields> = {}, options: { id?: number; key?: string } = {}): Change {
    const id = options.id ?? this.#lastId + 1;
    this.#lastId = Math.max(this.#lastId, id);
    const order: Order = {
      customer_name: `Customer ${id}`,
      product_name: `Product ${id}`,
      status: "pending",
      ...fields,
      id,
      updated_at: this.#now(),
    };
    return this.#commit("insert", id, order, options.key);
  }

  update(id: number, patch: OrderPatch): Change {
    const before = this.#rows.get(id);
    if (before === undefined) throw new RangeError(`no order ${id}`);
    const after = { ...before, ...dropUndefined(patch), updated_at: this.#now() };
    return this.#commit("update", id, after);
  }

  remove(id: number): Change {
    return this.#commit("delete", id, null);
  }

  /** The order exactly as of a position. */
  at(id: number, position: string): Order | null {
    const changes = this.#byId.get(id) ?? [];
    return changes.findLast((change) => change.position <= position)?.after ?? null;
  }

  /** The orders in these statuses, exactly as of a position. */
  rowsAt(position: string, statuses: readonly Status[]): Order[] {
    const rows = new Map<number, Order>();
    for (const change of this.changes) {
      if (change.position > position) break;
      if (change.after === null) rows.delete(change.id);
      else rows.set(change.id, change.after);
    }
    return [...rows.values()].filter(({ status }) => statuses.includes(status));
  }

  page(query: PageQuery): OrderPage {
    const { statuses, sort = DEFAULT_SORT, q = "", limit, after, position = this.position } = query;
    const compare = compareOrders(sort);
    const last = after === undefined ? null : (JSON.parse(after) as Order);
    const matches = searchMatcher(q);
    const rows = (position === this.position ? this.rows() : this.rowsAt(position, statuses))
      .filter((order) => statuses.includes(order.status) && matches(order))
      .sort(compare)
      .filter((order) => last === null || compare(order, last) > 0);
    const orders = rows.slice(0, limit);
    const next = rows.length > limit ? JSON.stringify(orders.at(-1)) : null;
    return { orders, next, position, cursor: cursorAt(position) };
  }

  #commit(op: Change["op"], id: number, after: Order | null, key?: string): Change {
    this.#count += 1;
    const before = this.#rows.get(id) ?? null;
    const at = new Date().toISOString();
    const change = { position: this.position, op, id, before, after, at, ...(key !== undefined && { key }) };
    this.changes.push(change);
    this.#byId.set(id, [...(this.#byId.get(id) ?? []), change]);
    if (after === null) this.#rows.delete(id);
    else this.#rows.set(id, after);
    return change;
  }

  /** Now, and at least a millisecond after the write before. */
  #now(): string {
    this.#lastDate = Math.max(Date.now(), this.#lastDate + 1);
    return new Date(this.#lastDate).toISOString();
  }
}

export interface PageQuery {
  readonly statuses: readonly Status[];
  readonly sort?: Sort;
  readonly q?: string;
  readonly limit: number;
  readonly after?: string | undefined;
  /** As of an earlier instant. */
  readonly position?: string;
}

export const positionAt = (count: number): string => `p${String(count).padStart(12, "0")}`;
export const cursorAt = (position: string): string => `cursor-${position}`;
export const positionOf = (cursor: string): string => cursor.slice("cursor-".length);

const dropUndefined = (patch: OrderPatch): Partial<OrderFields> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
