import { DEFAULT_SORT } from "@live-orders/protocol/order-query";
import { describe, expect, it } from "vitest";
import { exportHref, filterOf, ordersSearchSchema, sortParam, toggleSort } from "./orders-search.ts";
import { parsePlainSearch, stringifyPlainSearch } from "./plain-search.ts";

const read = (text: string) => ordersSearchSchema.parse(parsePlainSearch(text));

describe("the address of the orders page", () => {
  it("says tab, search, sort and the open order", () => {
    expect(read("?status=pending&q=chair&sort=-id&order=12")).toEqual({
      status: "pending",
      q: "chair",
      sort: "-id",
      order: 12,
    });
  });

  it("takes a search for digits as text", () => {
    expect(read("?q=12")).toEqual({ q: "12" });
  });

  it.each(["?status=lost", "?sort=price", "?order=0", "?order=2147483648", "?q=%00", "?__proto__=1", "?q="])(
    "opens the plain page for %s",
    (text) => {
      expect(filterOf(read(text))).toEqual({
        statuses: ["pending", "shipped", "delivered"],
        q: "",
        sort: DEFAULT_SORT,
      });
    },
  );

  it("comes back the same after it was written", () => {
    const search = read("?q=%26%20%C3%A9&status=shipped&order=new");
    expect(read(stringifyPlainSearch(search))).toEqual(search);
  });

  it("leaves the default sort out", () => {
    expect(sortParam(DEFAULT_SORT)).toBeUndefined();
    expect(read("?sort=-updated_at").sort).toBeUndefined();
  });

  it("leads to the file of what the table shows", () => {
    const query = new URL(exportHref(filterOf(read("?status=pending&q=a%26b&sort=-id"))), "http://x")
      .searchParams;
    expect([...query]).toEqual([
      ["status", "pending"],
      ["q", "a&b"],
      ["sort", "-id"],
    ]);
  });

  it("turns a column's direction at the second press", () => {
    const first = toggleSort(DEFAULT_SORT, "customer_name");
    expect(first).toEqual({ field: "customer_name", descending: false });
    expect(toggleSort(first, "customer_name").descending).toBe(true);
    expect(toggleSort(first, "id").descending).toBe(true);
  });
});
