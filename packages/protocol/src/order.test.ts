import { expect, test } from "vitest";
import { etagOf, matchesEtag } from "./etag.ts";
import {
  importedOrderSchema,
  newOrderSchema,
  orderPatchSchema,
  orderSchema,
  timestampSchema,
} from "./order.ts";

const names = { customer_name: "Ada", product_name: "Chair" };

test("a new order is pending unless it says otherwise", () => {
  expect(newOrderSchema.parse(names)).toEqual({ ...names, status: "pending" });
});

test("names are trimmed as JavaScript does, then hold 1 to 200 code points", () => {
  expect(newOrderSchema.parse({ ...names, customer_name: "\u00a0\ufeff Ada\t\n" }).customer_name).toBe("Ada");
  expect(newOrderSchema.safeParse({ ...names, customer_name: " \n" }).success).toBe(false);
  expect(newOrderSchema.safeParse({ ...names, customer_name: "😀".repeat(200) }).success).toBe(true);
  expect(newOrderSchema.safeParse({ ...names, customer_name: "😀".repeat(201) }).success).toBe(false);
});

test.each(["a\u0000b", "a\u0085b", "a\nb", "a\ud800b", "a\udc00"])("a name with %j is refused", (name) => {
  expect(newOrderSchema.safeParse({ ...names, product_name: name }).success).toBe(false);
});

test("an unknown field is refused, __proto__ too", () => {
  expect(newOrderSchema.safeParse({ ...names, extra: 1 }).success).toBe(false);
  expect(
    newOrderSchema.safeParse(JSON.parse('{"customer_name":"a","product_name":"b","__proto__":{}}')).success,
  ).toBe(false);
});

test("an empty patch is refused", () => {
  expect(orderPatchSchema.safeParse({}).success).toBe(false);
  expect(orderPatchSchema.safeParse({ status: "shipped" }).success).toBe(true);
});

test("timestamps are UTC with milliseconds, and real", () => {
  expect(timestampSchema.safeParse("2026-02-28T23:59:59.999Z").success).toBe(true);
  for (const wrong of [
    "2026-02-30T00:00:00.000Z",
    "2026-02-28T23:59:59Z",
    "2026-02-28T23:59:59.999+00:00",
    "0000-01-01T00:00:00.000Z",
  ]) {
    expect(timestampSchema.safeParse(wrong).success, wrong).toBe(false);
  }
});

test("an import's date is kept in UTC milliseconds", () => {
  const { updated_at } = importedOrderSchema.parse({
    ...names,
    status: "pending",
    updated_at: "2020-01-01T02:00:00+02:00",
  });
  expect(updated_at).toBe("2020-01-01T00:00:00.000Z");
});

test("an ETag holds as long as the five fields stand", () => {
  const order = orderSchema.parse({
    id: 1,
    ...names,
    status: "pending",
    updated_at: "2026-01-01T00:00:00.000Z",
  });
  expect(matchesEtag(etagOf(order), { ...order })).toBe(true);
  expect(matchesEtag("*", order)).toBe(true);
  expect(matchesEtag(`"x", ${etagOf(order)}`, order)).toBe(true);
  expect(matchesEtag(`W/${etagOf(order)}`, order)).toBe(false);
  for (const changed of [
    { id: 2 },
    { customer_name: "Bo" },
    { product_name: "x" },
    { status: "shipped" as const },
    { updated_at: "2026-01-01T00:00:00.001Z" },
  ]) {
    expect(matchesEtag(etagOf(order), { ...order, ...changed })).toBe(false);
  }
});
