import { etagOf } from "@live-orders/protocol/etag";
import { MAX_ID } from "@live-orders/protocol/order";
import type { WriteOperation } from "@live-orders/store/write-plan";
import { beforeEach, describe, expect, it } from "vitest";
import type { StoreDatabase, StoreNode } from "./store-contract-setting.ts";
import { carryOut, carryOutOne, createOf, orderOf, readAll } from "./store-samples.ts";

export function writeContract(database: () => StoreDatabase): void {
  let node: StoreNode;
  beforeEach(async () => {
    node = await database().open();
  });

  describe("writes", () => {
    it("create an order, dated by the database's clock", async () => {
      const { order } = await carryOutOne(node.orders, createOf("Ada"));
      expect(order).toMatchObject({ customer_name: "Ada", product_name: "Chair", status: "pending" });
      expect(Math.abs(Date.parse(order.updated_at) - Date.now())).toBeLessThan(10_000);
      expect(await node.orders.get(order.id)).toMatchObject({ order });
    });

    it("take names of 200 code points beyond the basic plane, and keep outer spaces", async () => {
      const name = ` ${"\u{1f600}".repeat(198)} `;
      const { order } = await carryOutOne(node.orders, {
        op: "put",
        id: MAX_ID,
        order: {
          customer_name: name,
          product_name: "x",
          status: "delivered",
          updated_at: "0001-01-01T00:00:00.000Z",
        },
      });
      expect(await node.orders.get(MAX_ID)).toMatchObject({ order });
      expect(order).toMatchObject({ customer_name: name, updated_at: "0001-01-01T00:00:00.000Z" });
    });

    it("set the date at least 1 ms after the old one, even one that lies ahead", async () => {
      const ahead = "2999-01-01T00:00:00.000Z";
      await database().direct.insert([orderOf(1, { updated_at: ahead })]);
      const { order } = await carryOutOne(node.orders, { op: "patch", id: 1, order: { status: "shipped" } });
      expect(order.updated_at).toBe("2999-01-01T00:00:00.001Z");
    });

    it("write nothing when a patch changes nothing", async () => {
      await database().direct.insert([orderOf(1)]);
      const result = await carryOutOne(node.orders, { op: "patch", id: 1, order: { status: "pending" } });
      expect(result).toMatchObject({ kind: "unchanged", order: orderOf(1) });
      const deleted = await carryOutOne(node.orders, { op: "delete", id: 1 });
      expect(deleted).toMatchObject({ kind: "written", order: orderOf(1) });
      expect(deleted.position > result.position).toBe(true);
    });

    it("answer what they find: not there, taken, changed since", async () => {
      await database().direct.insert([orderOf(1)]);
      await database().direct.insertUnchecked([{ ...orderOf(2), customer_name: "" }]);
      const { id: _, ...fields } = orderOf(1);
      const stale = { kind: "stale", current: orderOf(1) };
      expect(
        await carryOut(node.orders, [
          { op: "patch", id: 9, order: { status: "shipped" } },
          { op: "delete", id: 9 },
          { op: "put", id: 1, order: fields },
          { op: "patch", id: 1, order: { status: "shipped" }, ifMatch: '"other"' },
          { op: "delete", id: 1, ifMatch: '"other"' },
          { op: "put", id: 2, order: fields },
          { op: "delete", id: 2 },
        ]),
      ).toEqual([
        { kind: "not-found" },
        { kind: "not-found" },
        stale,
        stale,
        stale,
        { kind: "stale", current: null },
        { kind: "not-found" },
      ]);
      expect(await readAll(node.orders)).toEqual([orderOf(1)]);
    });

    it("in one request see each other, in order", async () => {
      const results = await carryOut(node.orders, [
        { op: "put", id: 5, order: { customer_name: "a", product_name: "b", status: "pending" } },
        { op: "patch", id: 5, order: { status: "shipped" } },
        { op: "patch", id: 5, order: { status: "shipped" } },
        { op: "delete", id: 5 },
        { op: "put", id: 5, order: { customer_name: "c", product_name: "d", status: "pending" } },
      ]);
      expect(results.map(({ kind }) => kind)).toEqual([
        "written",
        "written",
        "unchanged",
        "written",
        "written",
      ]);
      const positions = results.flatMap((result) => ("position" in result ? [result.position] : []));
      expect(positions).toEqual([...positions].sort());
      expect(await readAll(node.orders)).toMatchObject([{ id: 5, customer_name: "c" }]);
    });

    it("let exactly one of many concurrent edits of one version win, on two nodes", async () => {
      await database().direct.insert([orderOf(1)]);
      const other = await database().open();
      const ifMatch = etagOf(orderOf(1));
      const edits = Array.from({ length: 24 }, (_, index) =>
        carryOut((index % 2 ? node : other).orders, [
          { op: "patch", id: 1, order: { customer_name: `Winner ${index}` }, ifMatch },
        ]),
      );
      const results = (await Promise.all(edits)).flat();
      const won = results.filter(({ kind }) => kind === "written");
      expect(won).toHaveLength(1);
      const [standing] = await readAll(node.orders);
      expect(won).toMatchObject([{ order: standing }]);
      const lost = results.filter((result) => result.kind === "stale");
      expect(lost).toHaveLength(23);
      for (const { current } of lost) expect(current).toEqual(standing);
    });

    it("lose none of many concurrent edits without a condition", async () => {
      await database().direct.insert([orderOf(1)]);
      const names = Array.from({ length: 20 }, (_, index) => `Edit ${index}`);
      const results = await Promise.all(
        names.map((customer_name) =>
          carryOutOne(node.orders, { op: "patch", id: 1, order: { customer_name } }),
        ),
      );
      const dates = results.map(({ order }) => order.updated_at);
      expect(new Set(dates).size).toBe(names.length);
      const last = results.reduce((a, b) => (a.position > b.position ? a : b));
      expect(await readAll(node.orders)).toEqual([last.order]);
    });

    it("carry out 1,000 operations whole", async () => {
      const operations = Array.from({ length: 1000 }, (_, index) => createOf(`Bulk ${index}`));
      const results = await carryOut(node.orders, operations);
      expect(results.every(({ kind }) => kind === "written")).toBe(true);
      const written = results.flatMap((result) => ("order" in result ? [result.order] : []));
      expect(await readAll(node.orders)).toEqual(written.sort((a, b) => a.id - b.id));
    });
  });

  describe("ids of new orders", () => {
    const names = (count: number): WriteOperation[] =>
      Array.from({ length: count }, (_, index) => createOf(`New ${index}`));
    const idsOf = async (operations: readonly WriteOperation[], on = node): Promise<number[]> =>
      (await carryOut(on.orders, operations)).flatMap((result) =>
        "order" in result ? [result.order.id] : [],
      );

    it("start at 1 and go on one by one", async () => {
      expect(await idsOf(names(1))).toEqual([1]);
      expect(await idsOf(names(3))).toEqual([2, 3, 4]);
    });

    it("go past rows that others put in", async () => {
      await database().direct.insert([1, 2, 3, 4, 6, 8].map((id) => orderOf(id)));
      expect(await idsOf(names(1))).toEqual([5]);
      expect(await idsOf(names(2))).toEqual([7, 9]);
    });

    it("go past a table full from 1 on", async () => {
      await database().direct.insert(Array.from({ length: 5000 }, (_, index) => orderOf(index + 1)));
      expect(await idsOf(names(3))).toEqual([5001, 5002, 5003]);
    });

    it("survive a row with the greatest id", async () => {
      await database().direct.insert([orderOf(MAX_ID)]);
      const ids = await idsOf(names(2));
      expect(ids).toEqual([1, 2]);
    });

    it("are given once, on two nodes at the same time, while another program takes some", async () => {
      const other = await database().open();
      const creates = Array.from({ length: 40 }, (_, index) => idsOf(names(3), index % 2 ? node : other));
      const takes = Array.from({ length: 40 }, (_, index) =>
        database()
          .direct.insert([orderOf(index * 3 + 2)])
          .then(() => 1)
          .catch(() => 0),
      );
      const ids = (await Promise.all(creates)).flat();
      const taken = (await Promise.all(takes)).reduce<number>((sum, took) => sum + took, 0);
      expect(new Set(ids).size).toBe(120);
      expect(await readAll(node.orders)).toHaveLength(120 + taken);
    });
  });
}
