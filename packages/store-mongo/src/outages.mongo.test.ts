import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@live-orders/testkit/eventually";
import {
  startReplicaSet,
  type ReplicaSetOptions,
  type TestReplicaSet,
} from "@live-orders/testkit/mongo-replica-set";
import { replay, StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import {
  carryOut,
  carryOutOne,
  createOf,
  orderOf,
  readAll,
  wholeQuery,
} from "@live-orders/testkit/store-samples";
import { startTcpProxy, type TcpProxy } from "@live-orders/testkit/tcp-proxy";
import { StoreUnavailableError, type OrderStore } from "@live-orders/store/order-store";
import { MongoClient, type MongoClientOptions } from "mongodb";
import { afterEach, describe, expect, it } from "vitest";
import { documentOf, openStore, rawOrders } from "../test/mongo-stores.ts";
import { rollOplog } from "@live-orders/testkit/roll-oplog";
import { IDEMPOTENCY_KEYS } from "./collection-names.ts";
import type { MongoStore } from "./mongo-store.ts";

const DATABASE = "live_orders";
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(options: ReplicaSetOptions = {}): Promise<TestReplicaSet> {
  const set = await startReplicaSet(options);
  cleanUps.push(() => set.dispose());
  return set;
}

async function open(uri: string): Promise<{ node: MongoStore; feed: StoreFeedRecorder }> {
  const node = await openStore(uri, DATABASE);
  const feed = StoreFeedRecorder.ofSource(node.source);
  cleanUps.push(async () => {
    await feed.stop();
    await node.close();
  });
  await feed.opened();
  return { node, feed };
}

async function connect(uri: string, options: MongoClientOptions = {}): Promise<MongoClient> {
  const client = new MongoClient(uri, options);
  cleanUps.push(() => client.close());
  return client.connect();
}

/** A node that reaches the set's one member through a cable that can be spoiled. */
async function openBehindProxy(
  set: TestReplicaSet,
): Promise<{ node: MongoStore; feed: StoreFeedRecorder; proxy: TcpProxy }> {
  const [, port = ""] = (set.hosts[0] ?? "").split(":");
  const proxy = await startTcpProxy({ port: Number(port) });
  cleanUps.push(() => proxy.close());
  return { ...(await open(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true`)), proxy };
}

const calls: [string, (orders: OrderStore) => Promise<unknown>][] = [
  ["page", (orders) => orders.page(wholeQuery)],
  ["counts", (orders) => orders.counts("a")],
  ["get", (orders) => orders.get(1)],
  ["now", (orders) => orders.now()],
  ["checkWritable", (orders) => orders.checkWritable()],
  ["create", (orders) => orders.write({ operations: [createOf("lost?")] })],
  ["patch", (orders) => orders.write({ operations: [{ op: "patch", id: 1, order: { status: "shipped" } }] })],
  [
    "keyed",
    (orders) => orders.write({ operations: [createOf("k")], idempotency: { key: "k", fingerprint: "f" } }),
  ],
];

/** Every call fails as unavailable, none takes 5 s. */
async function expectUnavailable(orders: OrderStore): Promise<void> {
  const started = performance.now();
  const outcomes = await Promise.all(
    calls.map(([, call]) =>
      call(orders).then(
        () => "an answer",
        (error: unknown) => (error instanceof StoreUnavailableError ? performance.now() - started : error),
      ),
    ),
  );
  for (const [index, outcome] of outcomes.entries()) {
    expect(outcome, calls[index]?.[0]).toBeTypeOf("number");
    expect(outcome, calls[index]?.[0]).toBeLessThan(5000);
  }
}

describe("an outage", () => {
  it("of a killed mongod: unavailable within 5 s, and when it is back nothing is lost", async () => {
    const set = await start();
    const { node, feed } = await open(set.uri);
    await carryOutOne(node.orders, createOf("before"));
    await set.kill(0);
    await expectUnavailable(node.orders);
    const down = await feed.event("down");
    expect(down.cause).toBe("resumable");
    await set.start(0);
    const client = await connect(set.uri);
    await rawOrders(client, DATABASE).insertOne(documentOf(orderOf(50)));
    const created = await eventually(() => carryOutOne(node.orders, createOf("after")), { within: 30_000 });
    await feed.reached(created.position);
    const rows = await readAll(node.orders);
    expect([...replay(new Map(), feed.changes, feed.position).values()].sort((a, b) => a.id - b.id)).toEqual(
      rows,
    );
    expect(feed.events.filter(({ kind }) => kind === "reset")).toEqual([]);
  });

  it("of a mongod that stands still: unavailable within 5 s, the silence is noticed, and nothing is lost", async () => {
    const set = await start();
    const { node, feed } = await open(set.uri);
    const client = await connect(set.uri, { socketTimeoutMS: 500, serverSelectionTimeoutMS: 500 });
    set.pause(0);
    // A stopped process is not stopped at once.
    await eventually(() => expect(client.db("admin").command({ ping: 1 })).rejects.toThrow());
    await expectUnavailable(node.orders);
    await feed.event("down", 0, 10_000);
    set.resume(0);
    const created = await eventually(() => carryOutOne(node.orders, createOf("after")), { within: 30_000 });
    await feed.reached(created.position);
    expect(feed.events.filter(({ kind }) => kind === "reset")).toEqual([]);
  });

  it("of the network, cut or swallowing: noticed within 10 s, and nothing is lost", async () => {
    const set = await start();
    const { node, feed, proxy } = await openBehindProxy(set);
    const client = await connect(set.uri);
    let id = 0;
    for (const spoil of [() => proxy.cut(), () => proxy.blackHole()]) {
      const seen = feed.events.length;
      spoil();
      for (let n = 0; n < 20; n += 1)
        await rawOrders(client, DATABASE).insertOne(documentOf(orderOf((id += 1))));
      await feed.event("down", seen, 10_000);
      proxy.allow();
      const { position } = await eventually(() => node.orders.now(), { within: 30_000 });
      await feed.reached(position, 20_000);
      expect(feed.changes.map((change) => change.id)).toEqual(
        Array.from({ length: id }, (_, index) => index + 1),
      );
    }
    expect(feed.events.filter(({ kind }) => kind === "reset")).toEqual([]);
  });

  it("in which the collection was replaced: a reset, also when the stream never saw the drop", async () => {
    const set = await start();
    const { node, feed, proxy } = await openBehindProxy(set);
    const client = await connect(set.uri);
    await carryOut(node.orders, [createOf("old")]);
    proxy.blackHole();
    await feed.event("down", 0, 15_000);
    await client.db(DATABASE).dropDatabase();
    await client.db(DATABASE).createCollection("orders");
    await rawOrders(client, DATABASE).insertOne(documentOf(orderOf(7)));
    proxy.allow();
    expect(await feed.event("reset", 0, 30_000)).toMatchObject({ reason: "collection-gone" });
    expect(await readAll(node.orders)).toEqual([orderOf(7)]);
    const { position } = await carryOutOne(node.orders, { op: "patch", id: 7, order: { status: "shipped" } });
    await feed.reached(position);
    expect(feed.changes.at(-1)).toMatchObject({
      op: "update",
      before: orderOf(7),
      after: { status: "shipped" },
    });
  });

  it("longer than the oplog reaches: history lost, and the feed goes on from now", async () => {
    const set = await start({ oplogSizeMb: 1, extraArgs: ["--syncdelay", "1"] });
    const { node, feed, proxy } = await openBehindProxy(set);
    const client = await connect(set.uri);
    await carryOut(node.orders, [createOf("a")]);
    const old = await node.orders.now();
    await feed.reached(old.position);
    proxy.blackHole();
    await feed.event("down", 0, 15_000);
    await rawOrders(client, DATABASE).insertOne(documentOf(orderOf(7)));
    await rollOplog(client);
    proxy.allow();
    const reset = await feed.event("reset", 0, 30_000);
    expect(reset).toMatchObject({ reason: "history-lost", at: { generation: old.generation } });
    const history = StoreFeedRecorder.ofHistory(node.history, old);
    expect(await history.event("lost")).toEqual({ kind: "lost", reason: "history-lost" });
    const created = await carryOutOne(node.orders, createOf("b"));
    await feed.reached(created.position);
    expect(feed.changes.map(({ after }) => after?.customer_name)).toEqual(["a", "b"]);
    expect(await node.oplogWindowSeconds()).toBeGreaterThanOrEqual(0);
  });

  it("in which the oplog forgot a request's commit: its repeat gets order and position of a later read", async () => {
    const set = await start({ oplogSizeMb: 1, extraArgs: ["--syncdelay", "1"] });
    const { node } = await open(set.uri);
    const client = await connect(set.uri);
    await rawOrders(client, DATABASE).insertOne(documentOf(orderOf(7)));
    const operations = [createOf("a"), createOf("b"), { op: "delete", id: 7 }] as const;
    const idempotency = { key: "k", fingerprint: "f" };
    const first = await carryOut(node.orders, operations, idempotency);
    const patched = await carryOutOne(node.orders, { op: "patch", id: 1, order: { status: "shipped" } });
    await carryOut(node.orders, [{ op: "delete", id: 2 }]);
    await client
      .db(DATABASE)
      .collection(IDEMPOTENCY_KEYS)
      .updateMany({}, { $unset: { time: 1 } });
    await rollOplog(client);
    const again = await carryOut(node.orders, operations, idempotency);
    expect(again).toMatchObject([
      { kind: "written", order: patched.order },
      { kind: "not-found" },
      { kind: "written", order: orderOf(7) },
    ]);
    const [old, later] = [first[0], again[0]];
    expect(later?.kind === "written" && old?.kind === "written" && later.position > old.position).toBe(true);
  });

  it("of a history's reader ends it as unavailable", async () => {
    const set = await start();
    const { node } = await open(set.uri);
    const history = StoreFeedRecorder.ofHistory(node.history, await node.orders.now());
    await history.event("batch");
    await set.kill(0);
    await eventually(() => expect(history.failure).toBeInstanceOf(StoreUnavailableError));
  });
});

describe("a set of three", { timeout: 180_000 }, () => {
  it("that loses its primary again and again, under load: pages, answers and the feed agree", async () => {
    const set = await start({ members: 3, oplogSizeMb: 64 });
    const { node, feed } = await open(set.uri);
    const other = await open(set.uri);
    const client = await connect(`${set.uri}&retryWrites=true`);
    const load = new AbortController();
    const pages: { position: string; rows: unknown }[] = [];
    const answers: { position: string; id: number; name: string }[] = [];
    let direct = 100_000;
    const untilEnd = async (step: () => Promise<unknown>): Promise<void> => {
      // What fails meanwhile has an unknown outcome, and is not what is looked at.
      while (!load.signal.aborted) await step().catch(() => undefined);
    };
    let n = 0;
    const create = async (orders: OrderStore): Promise<void> => {
      const name = `order ${(n += 1)}`;
      const { position, order } = await carryOutOne(orders, createOf(name));
      answers.push({ position, id: order.id, name });
    };
    const read = async (orders: OrderStore): Promise<void> => {
      const page = await orders.page({ ...wholeQuery, sort: { field: "id", descending: true }, limit: 50 });
      if (page.kind === "page") pages.push({ position: page.at.position, rows: page.orders });
    };
    const impatient = { writeConcern: { w: 1 } } as const;
    const running = [
      untilEnd(() => create(node.orders)),
      untilEnd(() => create(other.node.orders)),
      untilEnd(() => rawOrders(client, DATABASE).insertOne(documentOf(orderOf((direct += 1))), impatient)),
      untilEnd(() => read(node.orders)),
      untilEnd(() => read(other.node.orders)),
    ];
    for (let round = 0; round < 3; round += 1) {
      const before = answers.length;
      await eventually(() => answers.length > before + 50, { within: 40_000 });
      const primary = await set.primary();
      if (round === 1) {
        set.pause(primary);
        await eventually(() => answers.length > before + 60, { within: 40_000 });
        set.resume(primary);
      } else {
        await set.kill(primary);
        await eventually(() => answers.length > before + 60, { within: 40_000 });
        await set.start(primary);
      }
    }
    load.abort();
    await Promise.all(running);
    const end = await eventually(() => node.orders.now(), { within: 20_000 });
    await feed.reached(end.position, 20_000);
    await other.feed.reached(end.position, 20_000);
    expect(other.feed.changes).toEqual(feed.changes);
    expect(feed.events.filter(({ kind }) => kind === "reset")).toEqual([]);
    const byPosition = new Map(feed.changes.map((change) => [change.position, change]));
    for (const { position, id, name } of answers) {
      expect(byPosition.get(position)).toMatchObject({ id, after: { customer_name: name } });
    }
    for (const { position, rows } of pages) {
      const standing = [...replay(new Map(), feed.changes, position).values()].sort((a, b) => b.id - a.id);
      expect(standing.slice(0, 50)).toEqual(rows);
    }
    expect(pages.length).toBeGreaterThan(100);
  });

  it("whose last member has stepped down shows no sign of life until there is a primary again", async () => {
    const set = await start({ members: 3 });
    const { node, feed } = await open(set.uri);
    await carryOutOne(node.orders, createOf("a"));
    const primary = await set.primary();
    const others = [0, 1, 2].filter((member) => member !== primary);
    await Promise.all(others.map((member) => set.kill(member)));
    await feed.event("down", 0, 20_000);
    const seen = feed.events.length;
    await delay(4000);
    expect(feed.events.slice(seen).filter(({ kind }) => kind !== "down")).toEqual([]);
    await Promise.all(others.map((member) => set.start(member)));
    const created = await eventually(() => carryOutOne(node.orders, createOf("b")), { within: 30_000 });
    await feed.reached(created.position, 20_000);
    expect(feed.events.filter(({ kind }) => kind === "reset")).toEqual([]);
  });

  it("without a majority proves nothing that a majority does not have, and takes no write", async () => {
    const set = await start({ members: 3, electionTimeoutMs: 8000 });
    const { node, feed } = await open(set.uri);
    const client = await connect(set.uri);
    await carryOutOne(node.orders, createOf("a"));
    const primary = await set.primary();
    const others = [0, 1, 2].filter((member) => member !== primary);
    for (const member of others) set.pause(member);
    await rawOrders(client, DATABASE).insertOne(documentOf(orderOf(50)), { writeConcern: { w: 1 } });
    const seen = feed.events.length;
    await expect(node.orders.write({ operations: [createOf("b")] })).rejects.toThrow(StoreUnavailableError);
    await expect(node.orders.checkWritable()).rejects.toThrow();
    await feed.event("batch", seen);
    expect(feed.changes).toHaveLength(1);
    for (const member of others) set.resume(member);
    const created = await eventually(() => carryOutOne(node.orders, createOf("c")), { within: 30_000 });
    await feed.reached(created.position, 20_000);
    expect(feed.changes.map(({ id }) => id)).toContain(50);
    expect(feed.events.filter(({ kind }) => kind === "reset")).toEqual([]);
  });
});
