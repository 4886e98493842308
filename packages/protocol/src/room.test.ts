import { expect, test } from "vitest";
import type { Change } from "./change.ts";
import type { Order } from "./order.ts";
import { isSeenBy, roomOf, ROOMS } from "./room.ts";
import type { Status } from "./status.ts";

const order = (status: Status): Order => ({
  id: 1,
  customer_name: "Ada",
  product_name: "Chair",
  status,
  updated_at: "2026-01-01T00:00:00.000Z",
});
const change = (op: Change["op"], before: Status | null, after: Status | null): Change => ({
  position: "1",
  op,
  id: 1,
  before: before && order(before),
  after: after && order(after),
  at: "2026-01-01T00:00:00.000Z",
});

test("there is one room for each set of statuses, whatever their order", () => {
  expect(new Set(ROOMS.map(({ room }) => room)).size).toBe(7);
  expect(roomOf(["shipped", "pending", "shipped"])).toBe("status:pending+shipped");
});

test("a reader sees an order arrive and leave", () => {
  const move = change("update", "pending", "shipped");
  expect(isSeenBy(move, ["pending"])).toBe(true);
  expect(isSeenBy(move, ["shipped"])).toBe(true);
  expect(isSeenBy(move, ["delivered"])).toBe(false);
  expect(isSeenBy(change("insert", null, "pending"), ["shipped"])).toBe(false);
  expect(isSeenBy(change("delete", "shipped", null), ["shipped"])).toBe(true);
});

test("a change that lacks an image goes to every room", () => {
  expect(isSeenBy(change("update", null, "shipped"), ["pending"])).toBe(true);
  expect(isSeenBy(change("update", "pending", null), ["delivered"])).toBe(true);
  expect(isSeenBy(change("delete", null, null), ["pending"])).toBe(true);
  expect(isSeenBy(change("insert", null, null), ["pending"])).toBe(true);
});
