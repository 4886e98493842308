import type { Order } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import { stateKey, stateOf } from "./seen-log.ts";

const order = (fields: Partial<Order>): Order => ({
  id: 1,
  customer_name: "Ada",
  product_name: "Tea",
  status: "pending",
  updated_at: "2026-01-02T03:04:05.678Z",
  ...fields,
});

describe("the state of an order", () => {
  it("is another one although it was committed in the same millisecond", () => {
    const states = [
      order({}),
      order({ customer_name: "Bob" }),
      order({ product_name: "Ink" }),
      order({ status: "shipped" }),
    ];
    expect(new Set([...states, null].map((state) => stateKey(1, state))).size).toBe(5);
  });

  it("is what a change left it in", () => {
    expect(stateOf({ id: 1, after: order({}) })).toBe(stateKey(1, order({})));
    expect(stateOf({ id: 1, after: null })).toBe(stateKey(1, null));
  });
});
