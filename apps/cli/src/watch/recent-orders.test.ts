import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import { MOST_HELD, RecentOrders } from "./recent-orders.ts";

const order = (id: number, second: number, status: Order["status"] = "pending"): Order => ({
  id,
  customer_name: "a",
  product_name: "b",
  status,
  updated_at: new Date(second * 1000).toISOString(),
});
const change = (op: Change["op"], id: number, after: Order | null): Change => ({
  position: "1",
  op,
  id,
  before: null,
  after,
  at: "2020-01-01T00:00:00.000Z",
});
const ids = (recent: RecentOrders, count = 10) => recent.top(count).map(({ id }) => id);

describe("the orders that changed last", () => {
  it("stand with the last at the top, whether they were held before or not", () => {
    const recent = new RecentOrders(["pending"], [order(2, 20), order(1, 10)], false);
    recent.apply(change("update", 1, order(1, 30)));
    recent.apply(change("update", 7, order(7, 40)));
    recent.apply(change("insert", 8, order(8, 50)));
    expect(ids(recent)).toEqual([8, 7, 1, 2]);
    expect(ids(recent, 2)).toEqual([8, 7]);
  });

  it("lose those that are deleted or go to other statuses", () => {
    const recent = new RecentOrders(["pending"], [order(2, 20), order(1, 10)], true);
    recent.apply(change("delete", 2, null));
    recent.apply(change("update", 1, order(1, 30, "shipped")));
    expect(ids(recent)).toEqual([]);
    expect(recent.lacks(5)).toBe(false);
  });

  it("take in none that is older than what is held, for others may stand between", () => {
    const recent = new RecentOrders(["pending"], [order(3, 30), order(2, 20)], false);
    recent.apply(change("update", 3, order(3, 10)));
    expect(ids(recent)).toEqual([2]);
    expect(recent.lacks(2)).toBe(true);
    const whole = new RecentOrders(["pending"], [order(3, 30), order(2, 20)], true);
    whole.apply(change("update", 3, order(3, 10)));
    expect(ids(whole)).toEqual([2, 3]);
  });

  it("do not know what became of an order without its image", () => {
    const recent = new RecentOrders(["pending"], [order(1, 10)], true);
    expect(recent.apply(change("update", 1, null))).toBe(false);
    expect(recent.apply(change("delete", 1, null))).toBe(true);
  });

  it("are bounded, and keep the last", () => {
    const recent = new RecentOrders(["pending"], [], true);
    const last = 5 * MOST_HELD;
    for (let id = 1; id <= last; id += 1) recent.apply(change("insert", id, order(id, id)));
    expect(recent.top(last).length).toBeLessThanOrEqual(MOST_HELD);
    expect(ids(recent, 3)).toEqual([last, last - 1, last - 2]);
    recent.apply(change("insert", last + 1, order(last + 1, 1)));
    expect(ids(recent, last)).not.toContain(last + 1);
  });
});
