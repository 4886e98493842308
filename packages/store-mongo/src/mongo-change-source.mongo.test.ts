import { eventually } from "@live-orders/testkit/eventually";
import { replay, StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { carryOut, carryOutOne, createOf, orderOf, readAll } from "@live-orders/testkit/store-samples";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { Binary, type Document, Double, Long } from "mongodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { documentOf, freshDatabase, rawOrders, type MongoStoreDatabase } from "../test/mongo-stores.ts";
import { sendSpoiled } from "../test/raw-message.ts";
import type { MongoStore } from "./mongo-store.ts";

const mongo = useMongo();
let database: MongoStoreDatabase;
let node: MongoStore;
let feed: StoreFeedRecorder;

beforeEach(async () => {
  database = freshDatabase(mongo);
  node = await database.open();
  feed = StoreFeedRecorder.ofSource(node.source);
  await feed.opened();
});
afterEach(async () => {
  await feed.stop();
  await database.dispose();
});

const orders = () => rawOrders(mongo.client, mongo.database);
const insertAny = (document: Document) =>
  db().command({ insert: "orders", documents: [document], bypassDocumentValidation: true });
const db = () => mongo.client.db(mongo.database);

/** After a reset: the feed goes on, with images, on a collection that refuses bad rows. */
async function expectGoesOn(): Promise<void> {
  const seen = feed.changes.length;
  const { order } = await carryOutOne(node.orders, createOf("after the reset"));
  await orders().updateOne({ _id: order.id }, { $set: { status: "shipped" } });
  await feed.reached((await node.orders.now()).position);
  const shipped = { ...order, status: "shipped" };
  expect(feed.changes.slice(seen)).toMatchObject([
    { op: "insert", after: order },
    { op: "update", before: order, after: shipped },
  ]);
  await expect(orders().insertOne({ _id: 77, customer_name: "" })).rejects.toThrow("validation");
}

describe("when the collection goes", () => {
  it.each([
    ["is dropped", () => orders().drop()],
    ["is renamed", () => orders().rename("old_orders")],
    [
      "is replaced by another one",
      async () => {
        await db().collection("new_orders").insertOne({ n: 1 });
        await db().collection("new_orders").rename("orders", { dropTarget: true });
      },
    ],
    ["goes with its database", () => db().dropDatabase()],
    [
      "is dropped and made anew by another program, without images",
      async () => {
        await orders().drop();
        await db()
          .createCollection("orders")
          .catch(() => undefined);
      },
    ],
  ])("%s: a reset to the new collection, and the feed goes on", async (_title, go) => {
    const before = await node.orders.now();
    await carryOut(node.orders, [createOf("a"), createOf("b")]);
    await go();
    const reset = await feed.event("reset");
    expect(reset.reason).toBe("collection-gone");
    expect(reset.at.generation).not.toBe(before.generation);
    const page = await node.orders.page({
      statuses: ["pending"],
      q: "",
      sort: { field: "id", descending: false },
      limit: 9,
      after: null,
    });
    expect(page).toMatchObject({ kind: "page", orders: [], at: { generation: reset.at.generation } });
    await expectGoesOn();
  });

  it("loses the cursors of the old one, and those of a drop in between", async () => {
    const old = await node.orders.now();
    await orders().drop();
    await feed.event("reset");
    const history = StoreFeedRecorder.ofHistory(node.history, old);
    expect(await history.event("lost")).toEqual({ kind: "lost", reason: "collection-gone" });
    const { generation } = await node.orders.now();
    const across = StoreFeedRecorder.ofHistory(node.history, { ...old, generation });
    expect(await across.event("lost")).toEqual({ kind: "lost", reason: "collection-gone" });
  });
});

describe("rows that break the table", () => {
  const unchecked = { bypassDocumentValidation: true };

  it("of any type and with any _id are left out, and stop neither the feed nor the pages", async () => {
    const { _id: _, ...fields } = documentOf(orderOf(1));
    const ids = [
      new Double(5.5),
      new Double(6),
      Long.fromNumber(7),
      Long.fromString("9007199254740993"),
      "8",
      { a: 1 },
      0,
      -3,
      2_147_483_648,
      new Binary(new Uint8Array(3)),
      new Date(0),
      true,
    ];
    for (const _id of ids) await insertAny({ _id, ...fields });
    const odd = [
      { customer_name: 7 },
      { customer_name: ["a", "b"] },
      { product_name: null },
      { status: { $gt: "" } },
      { status: "lost" },
      { updated_at: "2024-01-01T00:00:00.000Z" },
      { updated_at: new Date(-62_135_596_800_001) },
      { updated_at: new Date(8.64e15) },
      { customer_name: "x".repeat(201) },
      { customer_name: "" },
      { product_name: "tab\t" },
    ];
    for (const [index, fault] of odd.entries()) await insertAny({ _id: 100 + index, ...fields, ...fault });
    await orders().deleteMany({ _id: { $in: [100, 101, 104] } });
    await carryOut(node.orders, [
      { op: "put", id: 1, order: { customer_name: "a", product_name: "b", status: "pending" } },
    ]);
    await feed.reached((await node.orders.now()).position);
    expect(feed.changes).toMatchObject([{ op: "insert", id: 1 }]);
    expect(node.leftOut()).toBe(ids.length + odd.length + 3);
    for (const field of ["id", "customer_name", "product_name", "status", "updated_at"] as const) {
      for (const descending of [false, true]) {
        expect(await readAll(node.orders, { sort: { field, descending }, limit: 1 })).toHaveLength(1);
        expect(await readAll(node.orders, { sort: { field, descending }, limit: 1, q: "b" })).toHaveLength(1);
      }
    }
    expect(await node.orders.counts("")).toMatchObject({ total: 1 });
    expect(await carryOut(node.orders, [{ op: "delete", id: 6 }, createOf("new")])).toMatchObject([
      { kind: "not-found" },
      { kind: "written" },
    ]);
  });

  it("of 1 to 16 MB are left out, and the next change comes within a second", async () => {
    const faults = [
      { customer_name: "x".repeat(1_100_000) },
      { status: "lost", attachment: "x".repeat(15_000_000) },
      { status: "lost", attachment: "x".repeat(16_000_000) },
    ];
    for (const [index, fault] of faults.entries()) {
      const _id = 10 + index;
      await orders().insertOne({ ...documentOf(orderOf(_id)), ...fault }, unchecked);
      await orders().updateOne({ _id }, { $set: { product_name: "other" } }, unchecked);
      await orders().replaceOne({ _id }, { ...documentOf(orderOf(_id)), ...fault }, unchecked);
      await orders().deleteOne({ _id });
      const { position } = await carryOutOne(node.orders, createOf("next"));
      await feed.reached(position, 1000);
    }
    expect(node.leftOut()).toBe(4 * faults.length);
    expect(feed.changes).toHaveLength(faults.length);
  });

  it("with a sound order and 15 MB of their own are shown as the order", async () => {
    const row = { ...documentOf(orderOf(1)), __v: 0, attachment: "x".repeat(15_000_000) };
    await orders().insertOne(row);
    await orders().updateOne({ _id: 1 }, { $set: { status: "shipped" } });
    await feed.reached((await node.orders.now()).position);
    const shipped = orderOf(1, { status: "shipped" });
    expect(feed.changes).toMatchObject([
      { op: "insert", after: orderOf(1) },
      { op: "update", before: orderOf(1), after: shipped },
    ]);
    expect(await readAll(node.orders)).toEqual([shipped]);
    const patched = await carryOutOne(node.orders, { op: "patch", id: 1, order: { customer_name: "Ada" } });
    expect(await orders().findOne({ _id: 1 }, { projection: { attachment: 0 } })).toMatchObject({ __v: 0 });
    await feed.reached(patched.position);
    expect(feed.changes.at(-1)).toMatchObject({ before: shipped, after: patched.order });
  });

  it("with an _id of 7.9 MB, which no server can answer with, are passed by", async () => {
    const _id = "k".repeat(7_900_000);
    // Each index holds the _id once more: too much for a test's small cache.
    await orders().dropIndexes();
    await insertAny({ _id });
    await db().command({ delete: "orders", deletes: [{ q: { _id }, limit: 1 }] });
    const { position } = await carryOutOne(node.orders, createOf("next"));
    await feed.reached(position, 2000);
    expect(feed.changes).toMatchObject([{ op: "insert", position }]);
    expect(feed.events.filter(({ kind }) => kind === "reset" || kind === "down")).toEqual([]);
  });

  it("with text that is not UTF-8 stop nothing", async () => {
    const documents = [{ ...documentOf(orderOf(1)), customer_name: "bad ## name" }];
    const [host = ""] = mongo.set.hosts;
    const insert = { insert: "orders", documents, bypassDocumentValidation: true, $db: mongo.database };
    expect(await sendSpoiled(host, insert)).toMatchObject({ ok: 1, n: 1 });
    await carryOut(node.orders, [createOf("next")]);
    await feed.reached((await node.orders.now()).position);
    expect(feed.changes.at(-1)).toMatchObject({ op: "insert", after: { customer_name: "next" } });
    expect((await readAll(node.orders, { q: "next" })).map(({ customer_name }) => customer_name)).toEqual([
      "next",
    ]);
  });
});

describe("images", () => {
  it("that another program switches off are null, and are switched on again", async () => {
    await carryOut(node.orders, [createOf("a")]);
    // The second time comes within the pause after the first look.
    for (const status of ["shipped", "delivered"]) {
      await db().command({ collMod: "orders", changeStreamPreAndPostImages: { enabled: false } });
      await orders().updateOne({ _id: 1 }, { $set: { status } });
      await feed.reached((await node.orders.now()).position);
      expect(feed.changes.at(-1)).toMatchObject({ op: "update", id: 1, before: null, after: null });
      await eventually(async () => {
        const [found] = await db().listCollections({ name: "orders" }, { nameOnly: false }).toArray();
        expect(found).toMatchObject({ options: { changeStreamPreAndPostImages: { enabled: true } } });
      });
    }
    expect(node.leftOut()).toBe(0);
  });
});

describe("writers who do not wait for a majority", () => {
  it("are in the feed as they are in the pages", async () => {
    const pages: { position: string; rows: unknown }[] = [];
    const impatient = { writeConcern: { w: 1, j: false } } as const;
    const write = async (from: number): Promise<void> => {
      for (let id = from; id < from + 150; id += 1) {
        await orders().insertOne(documentOf(orderOf(id)), impatient);
        await orders().updateOne({ _id: id }, { $set: { status: "shipped" } }, impatient);
        if (id % 3 === 0) await orders().deleteOne({ _id: id }, impatient);
      }
    };
    const read = async (): Promise<void> => {
      for (let round = 0; round < 60; round += 1) {
        const page = await node.orders.page({
          statuses: ["pending", "shipped", "delivered"],
          q: "",
          sort: { field: "id", descending: false },
          limit: 500,
          after: null,
        });
        if (page.kind === "page") pages.push({ position: page.at.position, rows: page.orders });
      }
    };
    await Promise.all([write(1), write(1001), read(), read()]);
    await feed.reached((await node.orders.now()).position);
    for (const { position, rows } of pages) {
      const standing = [...replay(new Map(), feed.changes, position).values()].sort((a, b) => a.id - b.id);
      expect(standing.slice(0, 500)).toEqual(rows);
    }
  });
});

describe("connections", () => {
  it("R-SOURCE-4: the stream, a replay and the requests each have their own", async () => {
    const from = await node.orders.now();
    const { position } = await carryOutOne(node.orders, createOf("read and written"));
    await feed.reached(position);
    const replayed = StoreFeedRecorder.ofHistory(node.history, from);
    await replayed.reached(position);
    const all = mongo.client
      .db("admin")
      .aggregate([{ $currentOp: { allUsers: true, idleConnections: true, idleCursors: true } }]);
    const ours = (await all.toArray()).filter(({ appName }) => /^live-orders /.test(String(appName)));
    await replayed.stop();
    const namesOf = (ops: readonly Document[]) =>
      [...new Set(ops.map(({ appName }) => String(appName)))].sort();
    const streams = ours.filter((op) => JSON.stringify(op).includes("$changeStream"));
    expect(namesOf(streams)).toEqual(["live-orders history", "live-orders stream"]);
    expect(namesOf(ours)).toContain("live-orders requests");
  });
});
