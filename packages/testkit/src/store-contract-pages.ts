import type { Order } from "@live-orders/protocol/order";
import { compareOrders, searchMatcher, SORT_FIELDS } from "@live-orders/protocol/order-query";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { EXPORT_BATCH, type ExportQuery } from "@live-orders/store/order-store";
import { beforeEach, describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { seededRandom } from "./seeded-random.ts";
import type { StoreDatabase, StoreNode } from "./store-contract-setting.ts";
import { StoreFeedRecorder } from "./store-feed-recorder.ts";
import { oddOrders, ODD_NAMES, orderOf, readAll, wholeQuery } from "./store-samples.ts";

const SUBSETS: Status[][] = [
  ["pending"],
  ["delivered"],
  ["pending", "shipped"],
  ["pending", "delivered"],
  [...STATUSES],
];
const SORTS = SORT_FIELDS.flatMap((field) => [
  { field, descending: false },
  { field, descending: true },
]);

export function pageContract(database: () => StoreDatabase): void {
  let node: StoreNode;
  beforeEach(async () => {
    node = await database().open();
  });

  describe("pages", () => {
    it.each(SORTS)(
      "sort by code point with ties by id, page by page: $field, descending $descending",
      async (sort) => {
        const rows = oddOrders(97, seededRandom(1));
        await database().direct.insert(rows);
        for (const statuses of SUBSETS) {
          const expected = rows.filter(({ status }) => statuses.includes(status)).sort(compareOrders(sort));
          for (const limit of [7, 500]) {
            expect(await readAll(node.orders, { sort, statuses, limit })).toEqual(expected);
          }
        }
      },
    );

    it("are empty on an empty table, and have a position", async () => {
      const page = await node.orders.page({
        ...wholeQuery,
        statuses: ["shipped"],
        sort: SORTS[5] ?? wholeQuery.sort,
      });
      expect(page).toMatchObject({ kind: "page", orders: [], next: null });
    });

    it("have no next after the last row, also when it fills the page", async () => {
      await database().direct.insert([orderOf(1), orderOf(2)]);
      const page = await node.orders.page({ ...wholeQuery, limit: 2 });
      expect(page).toMatchObject({ orders: [orderOf(1), orderOf(2)], next: null });
    });

    it("go on behind the last row of the page before, when that row is gone by then", async () => {
      await database().direct.insert([1, 2, 3, 4].map((id) => orderOf(id)));
      const first = await node.orders.page({ ...wholeQuery, limit: 2 });
      if (first.kind !== "page") throw new Error("refused");
      await database().direct.remove(2);
      const second = await node.orders.page({ ...wholeQuery, limit: 2, after: first.next });
      expect(second).toMatchObject({ orders: [orderOf(3), orderOf(4)], next: null });
    });

    it("refuse an `after` that is not a next of this query", async () => {
      await database().direct.insert([1, 2, 3].map((id) => orderOf(id)));
      const first = await node.orders.page({ ...wholeQuery, limit: 1 });
      const next = first.kind === "page" ? (first.next ?? "") : "";
      const others = [
        { after: "x" },
        { after: "" },
        { after: next.slice(1) },
        { after: `${next}AAAA` },
        { after: Buffer.from('{"$gt":1}').toString("base64url") },
        { after: next, sort: { field: "id", descending: true } as const },
        { after: next, statuses: ["pending"] as const },
        { after: next, q: "a" },
      ];
      for (const other of others) {
        expect(await node.orders.page({ ...wholeQuery, ...other })).toEqual({ kind: "bad-page-cursor" });
      }
    });

    it("leave out rows that break the table, without an end to the paging", async () => {
      const { direct } = database();
      await direct.insert([1, 5, 9].map((id) => orderOf(id)));
      const broken = [2, 3, 4, 6, 7, 8].map((id) => ({
        ...orderOf(id),
        customer_name: id % 2 ? "" : "x".repeat(201),
      }));
      await direct.insertUnchecked(broken);
      for (const sort of SORTS) {
        const expected = [1, 5, 9].map((id) => orderOf(id)).sort(compareOrders(sort));
        expect(await readAll(node.orders, { sort, limit: 2 })).toEqual(expected);
      }
      expect(await node.orders.get(2)).toMatchObject({ order: null });
      expect(await node.orders.get(5)).toMatchObject({ order: orderOf(5) });
    });
  });

  describe("exports", () => {
    const rowsOf = async (query: Partial<ExportQuery>): Promise<Order[]> => {
      const taken: Order[] = [];
      await node.orders.export({ ...wholeQuery, ...query }, (orders) => {
        taken.push(...orders);
        return Promise.resolve();
      });
      return taken;
    };

    it("give every row of a filter and a search in order, without those that break the table", async () => {
      const rows = oddOrders(150, seededRandom(4));
      await database().direct.insert(rows);
      await database().direct.insertUnchecked([{ ...orderOf(2), customer_name: "" }]);
      for (const sort of SORTS) {
        for (const statuses of SUBSETS) {
          const within = rows.filter(({ status }) => statuses.includes(status)).sort(compareOrders(sort));
          expect(await rowsOf({ sort, statuses })).toEqual(within);
          expect(await rowsOf({ sort, statuses, q: "k" })).toEqual(within.filter(searchMatcher("k")));
        }
      }
    });

    it("are as of one instant, whatever is written while they are read", async () => {
      const rows = Array.from({ length: 2 * EXPORT_BATCH + 1 }, (_, index) => orderOf(index + 1));
      await database().direct.insert(rows);
      const taken: Order[][] = [];
      await node.orders.export(wholeQuery, async (orders) => {
        taken.push([...orders]);
        await database().direct.remove(1);
        await database().direct.update(rows.length, { product_name: `Later ${taken.length}` });
        await database().direct.insert([orderOf(10_000 + taken.length)]);
      });
      expect(taken.map(({ length }) => length)).toEqual([EXPORT_BATCH, EXPORT_BATCH, 1]);
      expect(taken.flat()).toEqual(rows);
    });

    it("give nothing of an empty table, and end with what the taker throws", async () => {
      expect(await rowsOf({})).toEqual([]);
      await database().direct.insert([orderOf(1)]);
      const failing = node.orders.export(wholeQuery, () => Promise.reject(new Error("enough")));
      await expect(failing).rejects.toThrow("enough");
      expect(await rowsOf({})).toEqual([orderOf(1)]);
    });
  });

  describe("searches and counts", () => {
    it("find parts of either name as Unicode simple folding does, and exact ids", async () => {
      const rows = oddOrders(120, seededRandom(2));
      await database().direct.insert(rows);
      const parts = ODD_NAMES.flatMap((name) => [name, ...Array.from(name)]);
      const sort = { field: "customer_name", descending: false } as const;
      for (const q of new Set([...parts, ".", "%", "_", "\\", "1", "4", "no such name"])) {
        const found = rows.filter(searchMatcher(q)).sort(compareOrders(sort));
        expect(await readAll(node.orders, { q, sort }), q).toEqual(found);
        const counted = STATUSES.map((status) => found.filter((row) => row.status === status).length);
        const { pending, shipped, delivered, total } = await node.orders.counts(q);
        expect([pending, shipped, delivered, total], q).toEqual([...counted, found.length]);
      }
    });

    it("search within statuses, page by page", async () => {
      const rows = oddOrders(90, seededRandom(3));
      await database().direct.insert(rows);
      for (const sort of SORTS) {
        const expected = rows
          .filter(({ status }) => status !== "shipped")
          .filter(searchMatcher("S"))
          .sort(compareOrders(sort));
        const statuses = ["pending", "delivered"] as const;
        expect(await readAll(node.orders, { q: "S", sort, statuses, limit: 4 })).toEqual(expected);
      }
    });

    it("count no row that breaks the table, once the feed has met it", async () => {
      const feed = StoreFeedRecorder.ofSource(node.source);
      await feed.opened();
      await database().direct.insert([orderOf(1), orderOf(2, { status: "shipped" })]);
      await database().direct.insertUnchecked([{ ...orderOf(3), product_name: "bad\u0007" }]);
      const sound = { pending: 1, shipped: 1, delivered: 0, total: 2 };
      for (const [met, id] of [3, 4, 5].entries()) {
        await eventually(() => expect(node.leftOut()).toBe(met + 1));
        expect(await node.orders.counts("")).toMatchObject(sound);
        expect(await node.orders.counts("d")).toMatchObject(sound);
        await database().direct.insertUnchecked([{ ...orderOf(id + 1), product_name: "bad\u0007" }]);
      }
      await database().direct.updateUnchecked(3, { product_name: "good" });
      expect(await node.orders.counts("")).toMatchObject({ pending: 2, shipped: 1, total: 3 });
      await feed.stop();
    });
  });
}
