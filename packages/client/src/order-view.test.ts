import type { Order } from "@live-orders/protocol/order";
import { compareOrders, searchMatcher, SORT_FIELDS, type Sort } from "@live-orders/protocol/order-query";
import { STATUSES } from "@live-orders/protocol/status";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderView } from "./order-view.ts";
import type { SortedStep } from "./sorted-rows.ts";

const name = fc.constantFrom("Ann", "ann", "Bob", "Zoë", "😀", "\uffff", "a");
const orderOf = (id: number) =>
  fc.record({
    id: fc.constant(id),
    customer_name: name,
    product_name: name,
    status: fc.constantFrom(...STATUSES),
    updated_at: fc.constantFrom("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"),
  });
const sort: fc.Arbitrary<Sort> = fc.record({
  field: fc.constantFrom(...SORT_FIELDS),
  descending: fc.boolean(),
});
const q = fc.constantFrom("", "an", "3", "zoË", "none");
const state = fc.tuple(...Array.from({ length: 12 }, (_, index) => fc.option(orderOf(index + 1))));

/** Sorted and searched from nothing. */
const afresh = (orders: readonly (Order | null)[], by: Sort, search: string): Order[] =>
  orders
    .filter((order) => order !== null)
    .filter(searchMatcher(search))
    .sort(compareOrders(by));

const stepsBetween = (from: readonly (Order | null)[], to: readonly (Order | null)[]): SortedStep<Order>[] =>
  from.map((before, index) => ({ before, after: to[index] ?? null }));

describe("a sorted and searched view", () => {
  it("C-VIEW-1: is at every step what sorting and searching from nothing gives", () => {
    fc.assert(
      fc.property(sort, q, fc.array(state, { minLength: 1, maxLength: 6 }), (by, search, states) => {
        const view = new OrderView({ sort: by, q: search });
        let before: readonly (Order | null)[] = [];
        for (const after of states) {
          if (before.length === 0) view.fill(after.filter((order) => order !== null));
          else view.apply(stepsBetween(before, after));
          before = after;
          expect(view.rows()).toEqual(afresh(after, by, search));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("C-VIEW-1: with many steps at once, too", () => {
    const orders = (salt: number) =>
      Array.from({ length: 600 }, (_, index): Order | null => {
        if ((index + salt) % 7 === 0) return null;
        const customer_name = `Customer ${(index * 7919 * salt) % 600}`;
        const updated_at = new Date(Date.UTC(2026, 0, 1) + ((index * 31 * salt) % 600)).toISOString();
        return { id: index + 1, customer_name, product_name: "Chair", status: "pending", updated_at };
      });
    const by: Sort = { field: "customer_name", descending: true };
    const view = new OrderView({ sort: by, q: "1" });
    view.fill(orders(1).filter((order) => order !== null));
    for (const salt of [2, 3, 5]) {
      view.apply(stepsBetween(orders(salt === 2 ? 1 : salt === 3 ? 2 : 3), orders(salt)));
      expect(view.rows()).toEqual(afresh(orders(salt), by, "1"));
    }
  });

  it("C-VIEW-2: another sort or search is the same as a view that began with it", () => {
    fc.assert(
      fc.property(sort, sort, q, q, state, (first, second, q1, q2, orders) => {
        const view = new OrderView({ sort: first, q: q1 });
        view.fill(orders.filter((order) => order !== null));
        view.set({ sort: second, q: q2 });
        expect(view.rows()).toEqual(afresh(orders, second, q2));
        for (const [index, order] of view.rows().entries()) expect(view.indexOf(order)).toBe(index);
      }),
    );
  });

  it("C-VIEW-3: says whether the rows shown are different", () => {
    const order: Order = {
      id: 1,
      customer_name: "Ann",
      product_name: "Chair",
      status: "pending",
      updated_at: "2026-01-01T00:00:00.000Z",
    };
    const view = new OrderView({ q: "bob" });
    view.fill([]);
    expect(view.apply([{ before: null, after: order }])).toBe(false);
    expect(view.apply([{ before: order, after: { ...order, customer_name: "Bob" } }])).toBe(true);
  });
});
