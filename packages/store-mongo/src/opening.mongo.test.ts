import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoreUnavailableError } from "@live-orders/store/order-store";
import { eventually } from "@live-orders/testkit/eventually";
import { freePort } from "@live-orders/embedded/free-port";
import { findMongod } from "@live-orders/embedded/mongod-binary";
import { carryOut, createOf, orderOf, readAll } from "@live-orders/testkit/store-samples";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { MongoClient } from "mongodb";
import { describe, expect, it, onTestFinished } from "vitest";
import { documentOf, LogBook, openStore, rawOrders } from "../test/mongo-stores.ts";
import { openMongoStore } from "./mongo-store.ts";

const mongo = useMongo({ extraArgs: ["--setParameter", "enableTestCommands=1"] });
const db = () => mongo.client.db(mongo.database);

async function refusal(uri: string): Promise<string> {
  const started = performance.now();
  const store = await openMongoStore({ uri, database: mongo.database, logger: new LogBook() });
  if (store.kind === "open") {
    await store.close();
    throw new Error("It opened");
  }
  expect(performance.now() - started).toBeLessThan(9000);
  expect(store.reason).not.toContain("\n");
  return store.reason;
}

/** A `mongod` by itself; gone when the test is. */
async function spawnMongod(...args: string[]): Promise<string> {
  const found = await findMongod();
  if (found.kind === "missing") throw new Error("no mongod");
  const [dbpath, port] = [await mkdtemp(join(tmpdir(), "mongod-")), await freePort()];
  const mongod = spawn(found.path, [
    "--dbpath",
    dbpath,
    "--port",
    String(port),
    "--wiredTigerCacheSizeGB",
    "0.25",
    ...args,
  ]);
  onTestFinished(async () => {
    const gone = once(mongod, "exit");
    mongod.kill("SIGKILL");
    await gone;
    await rm(dbpath, { recursive: true, force: true });
  });
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  await client.db("admin").command({ ping: 1 });
  await client.close();
  return `127.0.0.1:${port}`;
}

describe("a store is refused in one clear line, within 9 s", () => {
  it("when nothing listens", async () => {
    expect(await refusal(`mongodb://127.0.0.1:${await freePort()}`)).toContain("can't be reached");
  });

  it("when the address is none", async () => {
    expect(await refusal("mongodb://")).toContain("can't be used");
    expect(await refusal("http://127.0.0.1")).toContain("can't be used");
  });

  it("when the mongod is no replica set", async () => {
    expect(await refusal(`mongodb://${await spawnMongod()}`)).toContain("--replSet");
  });

  it("when its replica set was never initiated", async () => {
    expect(await refusal(`mongodb://${await spawnMongod("--replSet", "rs0")}`)).toContain("rs.initiate()");
  });

  it("when it denies access", async () => {
    const [host = ""] = mongo.set.hosts;
    expect(await refusal(`mongodb://nobody:wrong@${host}/`)).toContain("denied");
  });

  it("when `orders` is a view, a time series or capped", async () => {
    const ways = [
      () => db().createCollection("orders", { viewOn: "other", pipeline: [] }),
      () => db().createCollection("orders", { timeseries: { timeField: "at" } }),
      () => db().createCollection("orders", { capped: true, size: 4096 }),
    ];
    for (const create of ways) {
      await create();
      expect(await refusal(mongo.uri)).toContain("out of the way");
      await db().dropDatabase();
    }
  });
});

describe("the set-up", () => {
  const listed = async (): Promise<unknown> => {
    const [orders] = await db().listCollections({ name: "orders" }, { nameOnly: false }).toArray();
    return orders;
  };

  it("is safe with several nodes at once, and changes nothing when it is done again", async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(mongo.uri, mongo.database)));
    const before = await listed();
    const oplog = mongo.client.db("local").collection("oplog.rs");
    const entries = () => oplog.countDocuments({ ns: { $regex: `^${mongo.database}\\.` } });
    const count = await entries();
    stores.push(await openStore(mongo.uri, mongo.database));
    expect(await listed()).toEqual(before);
    expect(await entries()).toBe(count);
    const [now] = await Promise.all(stores.map((store) => store.orders.now()));
    expect(before).toMatchObject({
      info: { uuid: { buffer: Buffer.from((now?.generation ?? "").replaceAll("-", ""), "hex") } },
      options: { changeStreamPreAndPostImages: { enabled: true } },
    });
    await Promise.all(stores.map((store) => store.close()));
  });

  it("mends a collection that another program made, and keeps its rows", async () => {
    await db().createCollection("orders", { validator: { a: 1 }, validationAction: "warn" });
    await rawOrders(mongo.client, mongo.database).insertMany([
      documentOf(orderOf(1)),
      { _id: 2, customer_name: 5 },
    ]);
    await rawOrders(mongo.client, mongo.database).createIndex({ status: 1, _id: 1 }, { name: "theirs" });
    const store = await openStore(mongo.uri, mongo.database);
    expect(await readAll(store.orders)).toEqual([orderOf(1)]);
    expect(await listed()).toMatchObject({ options: { changeStreamPreAndPostImages: { enabled: true } } });
    await expect(rawOrders(mongo.client, mongo.database).insertOne({ _id: 3 })).rejects.toThrow("validation");
    expect(await carryOut(store.orders, [createOf("x")])).toMatchObject([{ order: { id: 3 } }]);
    await store.close();
  });

  it("does not wait for the indexes of a large collection: pages are unavailable until they stand", async () => {
    const hang = (mode: string) =>
      mongo.client.db("admin").command({ configureFailPoint: "hangAfterStartingIndexBuild", mode });
    await rawOrders(mongo.client, mongo.database).insertMany([1, 2, 3].map((id) => documentOf(orderOf(id))));
    await hang("alwaysOn");
    onTestFinished(async () => void (await hang("off")));
    const store = await openStore(mongo.uri, mongo.database);
    onTestFinished(() => store.close());
    const read = () => readAll(store.orders, { sort: { field: "customer_name", descending: true } });
    await expect(read()).rejects.toThrow(StoreUnavailableError);
    expect(await carryOut(store.orders, [createOf("x")])).toMatchObject([{ kind: "written" }]);
    await hang("off");
    expect(await eventually(read)).toHaveLength(4);
  });

  it("refuses by the validator what breaks the table, and lets extra fields in", async () => {
    const store = await openStore(mongo.uri, mongo.database);
    const orders = rawOrders(mongo.client, mongo.database);
    const good = documentOf(orderOf(1));
    await orders.insertOne({ ...good, __v: 0 });
    const { updated_at: _, ...undated } = good;
    const faults = [
      { ...good, _id: 0 },
      { ...good, _id: 2_147_483_648 },
      { ...good, _id: 1.5 },
      { ...good, customer_name: "" },
      { ...good, customer_name: "x".repeat(201) },
      { ...good, customer_name: "a\n" },
      { ...good, customer_name: "a\u0000b" },
      { ...good, product_name: "a\u0085" },
      { ...good, product_name: 5 },
      { ...good, status: "lost" },
      { ...good, updated_at: new Date(-62_135_596_800_001) },
      { ...good, updated_at: new Date("+010000-01-01T00:00:00.000Z") },
      { ...good, updated_at: "2024-01-01" },
      undated,
    ];
    for (const [index, fault] of faults.entries()) {
      const document = fault._id === 1 ? { ...fault, _id: 10 + index } : fault;
      await expect(orders.insertOne(document), JSON.stringify(fault)).rejects.toMatchObject({ code: 121 });
    }
    const longest = { ...good, _id: 2_147_483_647, customer_name: "\u{1f600}".repeat(200) };
    await orders.insertOne(longest);
    expect(await readAll(store.orders)).toHaveLength(2);
    await store.close();
  });
});
