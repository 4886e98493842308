import { expect, it } from "vitest";
import { placeAfter } from "./grid-keys.ts";

const size = { rows: 100, page: 10 };
const from = { index: 50, column: "status" } as const;
const after = (key: string, toEdge = false) => placeAfter(key, from, size, toEdge);

it("moves by row, by page and to the edges, and stays in its column", () => {
  expect(["j", "k", "ArrowDown", "PageUp"].map((key) => after(key)?.index)).toEqual([51, 49, 51, 40]);
  expect([after("Home", true), after("End", true)]).toEqual([
    { index: 0, column: "status" },
    { index: 99, column: "status" },
  ]);
});

it("moves by column, and stops at the last", () => {
  expect(["ArrowRight", "ArrowLeft", "Home", "End"].map((key) => after(key)?.column)).toEqual([
    "updated_at",
    "product_name",
    "select",
    "actions",
  ]);
  expect(placeAfter("ArrowRight", { index: 1, column: "actions" }, size, false)?.column).toBe("actions");
});

it("stops at the first and the last row", () => {
  expect(placeAfter("k", { index: 0, column: "id" }, size, false)?.index).toBe(0);
  expect(placeAfter("PageDown", { index: 95, column: "id" }, size, false)?.index).toBe(99);
});

it("starts at the first row, and leads nowhere in an empty grid or by another key", () => {
  expect(placeAfter("k", null, size, false)).toEqual({ index: 0, column: "customer_name" });
  expect(placeAfter("End", null, size, true)?.index).toBe(99);
  expect(placeAfter("j", null, { rows: 0, page: 10 }, false)).toBeNull();
  expect(after("q")).toBeNull();
});
