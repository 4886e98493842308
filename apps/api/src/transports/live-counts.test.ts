import type { Change } from "@live-orders/protocol/change";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { expect, it } from "vitest";
import { carriedOn } from "./live-counts.ts";

const COUNTS: Counts = { pending: 5, shipped: 3, delivered: 2, total: 10, position: "b" };
const order = (status: Status): Order => ({
  id: 1,
  customer_name: "Ada",
  product_name: "Chair",
  status,
  updated_at: "2026-01-01T00:00:00.000Z",
});
const change = (position: string, op: Change["op"], before: Status | null, after: Status | null): Change => ({
  position,
  op,
  id: 1,
  before: before && order(before),
  after: after && order(after),
  at: "2026-01-01T00:00:00.000Z",
});

it("counts are carried on by the images of each change after them", () => {
  const changes = [
    change("a", "insert", null, "pending"),
    change("b", "delete", "pending", null),
    change("c", "insert", null, "pending"),
    change("d", "update", "pending", "shipped"),
    change("e", "update", "shipped", "shipped"),
    change("f", "delete", "delivered", null),
  ];
  expect(carriedOn(COUNTS, changes, "g")).toEqual({
    pending: 5,
    shipped: 4,
    delivered: 1,
    total: 10,
    position: "g",
  });
});

it.each([
  change("c", "update", null, "shipped"),
  change("c", "update", "pending", null),
  change("c", "delete", null, null),
])("counts can't be carried on past a change that lacks an image: $op", (lacking) => {
  expect(carriedOn(COUNTS, [lacking], "c")).toBeNull();
});
