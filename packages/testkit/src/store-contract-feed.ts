import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { WriteOperation } from "@live-orders/store/write-plan";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seededRandom, type SeededRandom } from "./seeded-random.ts";
import type { StoreDatabase, StoreNode } from "./store-contract-setting.ts";
import { replay, StoreFeedRecorder } from "./store-feed-recorder.ts";
import { carryOut, carryOutOne, createOf, orderOf, wholeQuery } from "./store-samples.ts";

export function feedContract(database: () => StoreDatabase): void {
  let node: StoreNode;
  let feeds: StoreFeedRecorder[] = [];
  const follow = async (one: StoreNode): Promise<StoreFeedRecorder> => {
    const feed = StoreFeedRecorder.ofSource(one.source);
    feeds.push(feed);
    await feed.opened();
    return feed;
  };
  beforeEach(async () => {
    node = await database().open();
  });
  afterEach(async () => {
    await Promise.all(feeds.map((feed) => feed.stop()));
    feeds = [];
  });

  describe("the feed", () => {
    it("tells of every writer's changes in order, with both images and the database's clock", async () => {
      await database().direct.insert([orderOf(1)]);
      const feed = await follow(node);
      await database().direct.insert([orderOf(2)]);
      await database().direct.update(1, { status: "shipped" });
      await database().direct.remove(2);
      const { order } = await carryOutOne(node.orders, {
        op: "patch",
        id: 1,
        order: { product_name: "Desk" },
      });
      await feed.reached((await node.orders.now()).position);
      const shipped = orderOf(1, { status: "shipped" });
      expect(feed.changes).toMatchObject([
        { op: "insert", id: 2, before: null, after: orderOf(2) },
        { op: "update", id: 1, before: orderOf(1), after: shipped },
        { op: "delete", id: 2, before: orderOf(2), after: null },
        { op: "update", id: 1, before: shipped, after: order },
      ]);
      for (const { at } of feed.changes) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(20_000);
    });

    it("starts where it says: nothing from before, everything after", async () => {
      await database().direct.insert([orderOf(1), orderOf(2)]);
      const feed = await follow(node);
      await database().direct.insert([orderOf(3)]);
      await feed.reached((await node.orders.now()).position);
      expect(feed.changes.map(({ id }) => id)).toEqual([3]);
    });

    it("gives a change the position that the write's answer has", async () => {
      const feed = await follow(node);
      const results = await Promise.all(
        Array.from({ length: 60 }, async (_, index) =>
          carryOut(node.orders, [createOf(`${index}`), createOf("twin")]),
        ),
      );
      const bulk = await carryOut(
        node.orders,
        Array.from({ length: 1000 }, (_, index) => createOf(`bulk ${index}`)),
      );
      await feed.reached((await node.orders.now()).position);
      const answered = [...results.flat(), ...bulk].flatMap((result) =>
        result.kind === "written" ? [`${result.position} ${result.order.id}`] : [],
      );
      expect(feed.changes.map(({ position, id }) => `${position} ${id}`)).toEqual(answered.sort());
    });

    it("gives a change the same position on every node, live and replayed from each change", async () => {
      const other = await database().open();
      const [one, two] = [await follow(node), await follow(other)];
      await carryOut(node.orders, [createOf("a"), createOf("b"), createOf("c")]);
      await database().direct.insert([orderOf(100), orderOf(101)]);
      await carryOut(other.orders, [{ op: "delete", id: 2 }, createOf("d")]);
      const end = await node.orders.now();
      await one.reached(end.position);
      await two.reached(end.position);
      expect(two.changes).toEqual(one.changes);
      expect(one.changes).toHaveLength(7);
      for (const [index, { position }] of one.changes.entries()) {
        const past = StoreFeedRecorder.ofHistory(other.history, { ...end, position });
        await past.reached(end.position);
        await past.stop();
        expect(past.changes).toEqual(one.changes.slice(index + 1));
      }
    });

    it("reaches every position that is handed out when nothing more is written", async () => {
      await database().direct.insert([orderOf(1)]);
      const feed = await follow(node);
      const other = await database().open();
      const past = StoreFeedRecorder.ofHistory(other.history, await other.orders.now());
      feeds.push(past);
      for (let round = 0; round < 3; round += 1) {
        const created = await carryOutOne(node.orders, createOf(`round ${round}`));
        await other.orders.checkWritable();
        const unchanged = await carryOutOne(other.orders, {
          op: "patch",
          id: 1,
          order: { status: "pending" },
        });
        const page = await node.orders.page(wholeQuery);
        const handedOut: Position[] = [
          created.position,
          unchanged.position,
          page.kind === "page" ? page.at.position : "",
          (await other.orders.counts("")).position,
          (await node.orders.get(1)).position,
          (await other.orders.now()).position,
        ];
        for (const position of handedOut) {
          await feed.reached(position);
          await past.reached(position);
        }
      }
    });

    it("leaves out a change whose images all break the table, and goes on", async () => {
      const { direct } = database();
      const feed = await follow(node);
      await direct.insertUnchecked([{ ...orderOf(1), customer_name: "" }]);
      await direct.updateUnchecked(1, { customer_name: "x".repeat(300) });
      await direct.updateUnchecked(1, { customer_name: "mended" });
      await direct.updateUnchecked(1, { customer_name: "bad\u0000".replace("\u0000", "\u0001") });
      await direct.remove(1);
      await carryOut(node.orders, [createOf("next")]);
      await feed.reached((await node.orders.now()).position);
      const mended = orderOf(1, { customer_name: "mended" });
      expect(feed.changes).toMatchObject([
        { op: "update", id: 1, before: null, after: mended },
        { op: "update", id: 1, before: mended, after: null },
        { op: "insert", after: { customer_name: "next" } },
      ]);
      expect(node.leftOut()).toBe(3);
    });

    it("has lost the history of another collection", async () => {
      const at = await node.orders.now();
      const past = StoreFeedRecorder.ofHistory(node.history, { ...at, generation: "another" });
      expect(await past.event("lost")).toEqual({ kind: "lost", reason: "collection-gone" });
      await past.stop();
    });

    it.each([1, 2, 3])(
      "agrees with pages and answers, whoever writes (seed %i)",
      { timeout: 60_000 },
      async (seed) => {
        const random = seededRandom(seed);
        const other = await database().open();
        const feed = await follow(node);
        const pages: Snapshot[] = [];
        const answers: { position: Position; order: Order; deleted: boolean }[] = [];
        const run = [
          ...[node, other].map((one) => writer(one, random.fork(), answers)),
          ...[0, 1].map(() => directWriter(database(), random.fork())),
          ...[node, other].map((one) => pageReader(one, pages)),
        ];
        await Promise.all(run);
        const end = await other.orders.now();
        await feed.reached(end.position);
        for (const { position, rows } of pages) {
          expect([...replay(new Map(), feed.changes, position).values()].sort(byId)).toEqual(rows);
        }
        for (const { position, order, deleted } of answers) {
          const standing = replay(new Map(), feed.changes, position).get(order.id);
          expect(standing).toEqual(deleted ? undefined : order);
        }
        expect(pages.length).toBeGreaterThan(20);
        expect(answers.length).toBeGreaterThan(20);
        expectChained(feed.changes);
      },
    );
  });
}

interface Snapshot {
  readonly position: Position;
  readonly rows: readonly Order[];
}

const ROUNDS = 40;
const IDS = 30;
const byId = (a: Order, b: Order): number => a.id - b.id;

async function writer(
  node: StoreNode,
  random: SeededRandom,
  answers: { position: Position; order: Order; deleted: boolean }[],
): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const operations = Array.from({ length: random.int(1, 4) }, () => anyOperation(random));
    const results = await carryOut(node.orders, operations);
    for (const [index, result] of results.entries()) {
      if (result.kind !== "written" && result.kind !== "unchanged") continue;
      const { position, order } = result;
      answers.push({ position, order, deleted: operations[index]?.op === "delete" });
    }
  }
}

function anyOperation(random: SeededRandom): WriteOperation {
  const id = random.int(1, IDS);
  const status = random.pick(["pending", "shipped", "delivered"] as const);
  const kind = random.int(0, 9);
  if (kind < 2) return { op: "delete", id };
  if (kind < 5)
    return { op: "put", id, order: { customer_name: `put ${random.int(0, 9)}`, product_name: "p", status } };
  if (kind < 6) return createOf("created");
  return { op: "patch", id, order: { status } };
}

async function directWriter({ direct }: StoreDatabase, random: SeededRandom): Promise<void> {
  for (let round = 0; round < ROUNDS * 2; round += 1) {
    const id = random.int(1, IDS);
    const kind = random.int(0, 3);
    // A row that stands, or does not, is not what is tested here.
    if (kind === 0) await direct.insert([orderOf(id)]).catch(() => undefined);
    else if (kind === 1) await direct.remove(id);
    else await direct.update(id, { customer_name: `direct ${random.int(0, 99)}` });
  }
}

async function pageReader(node: StoreNode, pages: Snapshot[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await node.orders.page(wholeQuery);
    if (page.kind !== "page") throw new Error("refused");
    pages.push({ position: page.at.position, rows: page.orders });
  }
}

/** Each change starts where the one before it of the same order ended. */
function expectChained(changes: readonly Change[]): void {
  const last = new Map<number, Order | null>();
  for (const { id, before, after } of changes) {
    expect(before).toEqual(last.get(id) ?? null);
    last.set(id, after);
  }
}
