import { STATUSES } from "@live-orders/protocol/status";
import { describe, expect, it } from "vitest";
import { decodePageCursor, encodePageCursor } from "./page-cursor.ts";

const query = { statuses: STATUSES, q: "a", sort: { field: "customer_name", descending: false } } as const;
const place = { value: "Zo\u00eb \u{1f600}", id: 7 };
const cursor = encodePageCursor(query, place);

describe("a page's cursor", () => {
  it("gives its place back, and needs no escape in a URL", () => {
    expect(decodePageCursor(query, cursor)).toEqual(place);
    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  it("is the same query's, in whatever order its statuses are named", () => {
    expect(decodePageCursor({ ...query, statuses: ["delivered", "pending", "shipped"] }, cursor)).toEqual(
      place,
    );
  });

  it.each([
    ["other statuses", { ...query, statuses: ["pending"] as const }],
    ["another text", { ...query, q: "b" }],
    ["another field", { ...query, sort: { field: "product_name", descending: false } as const }],
    ["another direction", { ...query, sort: { field: "customer_name", descending: true } as const }],
  ])("is no good for %s", (_, other) => {
    expect(decodePageCursor(other, cursor)).toBeNull();
  });

  it("is no good when a character was changed, added or lost", () => {
    for (let index = 0; index < cursor.length; index += 1) {
      const other = cursor[index] === "A" ? "B" : "A";
      expect(decodePageCursor(query, cursor.slice(0, index) + other + cursor.slice(index + 1))).toBeNull();
    }
    for (const other of [
      "",
      "x",
      cursor.slice(1),
      cursor.slice(0, -1),
      `${cursor}A`,
      `${cursor}=`,
      ` ${cursor}`,
    ]) {
      expect(decodePageCursor(query, other)).toBeNull();
    }
  });

  it("fits into a query for the longest names", () => {
    const longest = encodePageCursor(query, { value: "\u{1f600}".repeat(200), id: 2_147_483_647 });
    expect(longest.length).toBeLessThan(4_096);
  });
});
