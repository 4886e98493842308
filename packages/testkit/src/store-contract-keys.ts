import type { WriteAnswer, WriteRequest } from "@live-orders/store/order-store";
import { beforeEach, describe, expect, it } from "vitest";
import type { StoreDatabase, StoreNode } from "./store-contract-setting.ts";
import { StoreFeedRecorder } from "./store-feed-recorder.ts";
import { createOf, orderOf, readAll } from "./store-samples.ts";

const keyed = (key: string, ...operations: WriteRequest["operations"]): WriteRequest => ({
  operations,
  idempotency: { key, fingerprint: JSON.stringify(operations) },
});

export function keyContract(database: () => StoreDatabase): void {
  let nodes: [StoreNode, StoreNode];
  beforeEach(async () => {
    nodes = [await database().open(), await database().open()];
  });

  describe("idempotency keys", () => {
    it("give the first answer again, on any node, and change nothing", async () => {
      const request = keyed("once", createOf("Ada"));
      const first = await nodes[0].orders.write(request);
      expect(first).toMatchObject({ kind: "done", results: [{ kind: "written" }] });
      await nodes[0].orders.write({ operations: [{ op: "patch", id: 1, order: { status: "shipped" } }] });
      for (const node of nodes) expect(await node.orders.write(request)).toEqual(first);
      expect(await readAll(nodes[1].orders)).toHaveLength(1);
    });

    it("give back every kind of answer", async () => {
      await database().direct.insert([orderOf(1), orderOf(2)]);
      await database().direct.insertUnchecked([{ ...orderOf(3), customer_name: "" }]);
      const { id: _, ...fields } = orderOf(9);
      const requests = [
        keyed("unchanged", { op: "patch", id: 1, order: { status: "pending" } }),
        keyed("not-found", { op: "delete", id: 99 }),
        keyed("stale", { op: "put", id: 1, order: fields }),
        keyed("broken", { op: "put", id: 3, order: fields }),
        keyed(
          "mixed",
          { op: "patch", id: 1, order: { status: "pending" } },
          { op: "delete", id: 2 },
          { op: "delete", id: 99 },
          createOf("New"),
        ),
      ];
      const first: WriteAnswer[] = [];
      for (const request of requests) first.push(await nodes[0].orders.write(request));
      await nodes[0].orders.write({ operations: [{ op: "delete", id: 1 }] });
      const again: WriteAnswer[] = [];
      for (const request of requests) again.push(await nodes[1].orders.write(request));
      expect(again).toEqual(first);
      expect(
        first.map((answer) => (answer.kind === "done" ? answer.results.map(({ kind }) => kind) : [])),
      ).toEqual([
        ["unchanged"],
        ["not-found"],
        ["stale"],
        ["stale"],
        ["unchanged", "written", "not-found", "written"],
      ]);
    });

    it("refuse another request under a key that is in use", async () => {
      await nodes[0].orders.write(keyed("taken", createOf("Ada")));
      expect(await nodes[1].orders.write(keyed("taken", createOf("Bob")))).toEqual({ kind: "key-conflict" });
      expect(await readAll(nodes[0].orders)).toHaveLength(1);
    });

    it("make one order of 64 equal requests at once on two nodes", async () => {
      const request = keyed("crowd", createOf("Ada"));
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, index) => (index % 2 ? nodes[0] : nodes[1]).orders.write(request)),
      );
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await readAll(nodes[0].orders)).toHaveLength(1);
    });

    it("are on the inserts of their request, live and replayed from any place", async () => {
      const feed = StoreFeedRecorder.ofSource(nodes[0].source);
      const at = await feed.opened();
      await nodes[1].orders.write({ operations: [createOf("keyless")] });
      await nodes[1].orders.write(
        keyed("k1", createOf("a"), createOf("b"), { op: "patch", id: 1, order: { status: "shipped" } }),
      );
      await nodes[1].orders.write(keyed("k2", createOf("c")));
      await nodes[1].orders.write({ operations: [createOf("keyless again")] });
      const end = await nodes[1].orders.now();
      await feed.reached(end.position);
      const keys = feed.changes.map(({ op, key }) => [op, key]);
      expect(keys).toEqual([
        ["insert", undefined],
        ["insert", "k1"],
        ["insert", "k1"],
        ["update", undefined],
        ["insert", "k2"],
        ["insert", undefined],
      ]);
      await feed.stop();
      for (const [index, { position }] of feed.changes.entries()) {
        const replay = StoreFeedRecorder.ofHistory(nodes[1].history, { ...at, position });
        await replay.reached(end.position);
        await replay.stop();
        expect(replay.changes).toEqual(feed.changes.slice(index + 1));
      }
    });
  });
}
