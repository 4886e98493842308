import fc from "fast-check";
import { expect, test } from "vitest";
import type { Order } from "./order.ts";
import { compareCodePoints, compareOrders, formatSort, searchMatcher, sortSchema } from "./order-query.ts";

const order = (id: number, fields: Partial<Order> = {}): Order => ({
  id,
  customer_name: "Ada",
  product_name: "Chair",
  status: "pending",
  updated_at: "2026-01-01T00:00:00.000Z",
  ...fields,
});

test("strings sort by code point, as UTF-8 bytes do", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(compareCodePoints("\uffee", "😀")).toBeLessThan(0);
});

test("ties go by id in the same direction", () => {
  const orders = [order(1), order(3), order(2)];
  expect(orders.toSorted(compareOrders({ field: "status", descending: false })).map(({ id }) => id)).toEqual([
    1, 2, 3,
  ]);
  expect(orders.toSorted(compareOrders({ field: "status", descending: true })).map(({ id }) => id)).toEqual([
    3, 2, 1,
  ]);
});

test("a sort reads as it prints", () => {
  expect(formatSort(sortSchema.parse("-updated_at"))).toBe("-updated_at");
  expect(formatSort(sortSchema.parse("id"))).toBe("id");
  expect(sortSchema.safeParse("--id").success).toBe(false);
});

test.each([
  ["ada", true],
  ["CHA", true],
  ["7", true],
  ["07", false],
  [".*", false],
  ["\u212a", false],
])("search %j finds order 7 of Ada: %s", (q, found) => {
  expect(searchMatcher(q)(order(7))).toBe(found);
});

test("search ignores case as Unicode simple folding does", () => {
  const named = (customer_name: string) => order(1, { customer_name, product_name: "x" });
  expect(searchMatcher("k")(named("\u212a"))).toBe(true);
  expect(searchMatcher("straße")(named("STRA\u1e9eE"))).toBe(true);
  expect(searchMatcher("strasse")(named("straße"))).toBe(false);
  expect(searchMatcher("σ")(named("ς"))).toBe(true);
  expect(searchMatcher("i")(named("\u0130"))).toBe(false);
});
