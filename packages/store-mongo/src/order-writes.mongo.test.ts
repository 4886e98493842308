import { StoreUnavailableError } from "@live-orders/store/order-store";
import { StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { carryOut, createOf, orderOf, readAll } from "@live-orders/testkit/store-samples";
import { useMongo } from "@live-orders/testkit/use-mongo";
import type { Document } from "mongodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshDatabase, type MongoStoreDatabase } from "../test/mongo-stores.ts";
import { IDEMPOTENCY_KEYS } from "./collection-names.ts";
import type { MongoStore } from "./mongo-store.ts";

// Fail points, and transactions of more than 50 operations as several entries of the oplog.
const parameters = ["enableTestCommands=1", "maxNumberOfTransactionOperationsInSingleOplogEntry=50"];
const mongo = useMongo({ extraArgs: parameters.flatMap((parameter) => ["--setParameter", parameter]) });
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
  await failing("off", {});
  await endTransactionsAfter(60);
  await feed.stop();
  await database.dispose();
});

const failing = (mode: "off" | { times: number }, data: Document) =>
  mongo.client.db("admin").command({ configureFailPoint: "failCommand", mode, data });

/** The server ends transactions that are open for longer. */
const endTransactionsAfter = (transactionLifetimeLimitSeconds: number) =>
  mongo.client.db("admin").command({ setParameter: 1, transactionLifetimeLimitSeconds });

/** Each written result has its change's position. */
async function expectPlaced(results: Awaited<ReturnType<typeof carryOut>>): Promise<void> {
  await feed.reached((await node.orders.now()).position);
  const changes = new Map(feed.changes.map((change) => [change.position, change]));
  for (const result of results) {
    if (result.kind !== "written") continue;
    const change = changes.get(result.position);
    expect(change?.op === "delete" ? change.before : change?.after).toEqual(result.order);
  }
}

describe("a transaction that takes several entries of the oplog", () => {
  it("has all its changes in order under one time, that of its commit", async () => {
    const creates = Array.from({ length: 400 }, (_, index) => createOf(`bulk ${index}`));
    const patches = Array.from(
      { length: 300 },
      (_, index) => ({ op: "patch", id: index + 1, order: { status: "shipped" } }) as const,
    );
    const deletes = Array.from({ length: 300 }, (_, index) => ({ op: "delete", id: 300 - index }) as const);
    const results = [
      ...(await carryOut(node.orders, creates)),
      ...(await carryOut(node.orders, [...patches, ...deletes], { key: "k", fingerprint: "f" })),
      ...(await carryOut(node.orders, [...creates, ...creates], { key: "k2", fingerprint: "f" })),
    ];
    await expectPlaced(results);
    expect(feed.changes.map(({ position }) => position)).toEqual(
      results.map((result) => ("position" in result ? result.position : "")),
    );
    expect(feed.changes.filter(({ key }) => key === "k2")).toHaveLength(800);
    const middle = feed.changes[555];
    const at = await node.orders.now();
    const past = StoreFeedRecorder.ofHistory(node.history, { ...at, position: middle?.position ?? "" });
    await past.reached(at.position);
    await past.stop();
    expect(past.changes).toEqual(feed.changes.slice(556));
  });

  it("agrees with its own answers while others write", async () => {
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      const results = [];
      for (let round = 0; round < 8; round += 1) {
        const many = Array.from({ length: writer % 2 ? 130 : 1 }, () => createOf(`writer ${writer}`));
        results.push(...(await carryOut(node.orders, many)));
      }
      return results;
    });
    const results = (await Promise.all(writers)).flat();
    await expectPlaced(results);
    expect(feed.changes).toHaveLength(results.length);
  });
});

describe("a commit whose answer does not come", () => {
  it.each([
    ["since the connection broke before it arrived", { closeConnection: true }],
    ["but a passing failure of the server does", { errorCode: 91 }],
    [
      "but a doubt about it does, after it was carried out",
      { writeConcernError: { code: 91, errmsg: "shutting down", errorLabels: ["RetryableWriteError"] } },
    ],
    [
      "but a timeout of the majority does, after it was carried out",
      { writeConcernError: { code: 64, errmsg: "late" } },
    ],
    ["since the transaction is gone", { errorCode: 251, errorLabels: ["TransientTransactionError"] }],
  ])("%s: is carried out once, and its answer is exact", async (_title, fault) => {
    // A fail point only says that the transaction is gone: left open, it would hold its rows' locks for a minute.
    await endTransactionsAfter(1);
    for (const idempotency of [undefined, { key: "doubt", fingerprint: "f" }]) {
      await failing({ times: 1 }, { failCommands: ["commitTransaction"], ...fault });
      // Others write meanwhile: a later time would be one of theirs.
      const busy = Array.from({ length: 10 }, (_, index) =>
        carryOut(node.orders, [createOf(`busy ${index}`)]),
      );
      const results = await carryOut(node.orders, [createOf("doubtful"), createOf("doubtful")], idempotency);
      await expectPlaced([...results, ...(await Promise.all(busy)).flat()]);
      if (idempotency) {
        expect(
          await carryOut(node.orders, [createOf("doubtful"), createOf("doubtful")], idempotency),
        ).toEqual(results);
      }
    }
    const rows = await readAll(node.orders);
    expect(rows.filter(({ customer_name }) => customer_name === "doubtful")).toHaveLength(4);
  });

  it("nor ever will: unavailable within 5 s, and a repeat with the key tells", async () => {
    await failing(
      { times: 1000 },
      { failCommands: ["commitTransaction"], writeConcernError: { code: 64, errmsg: "late" } },
    );
    const idempotency = { key: "late", fingerprint: "f" };
    const started = performance.now();
    await expect(carryOut(node.orders, [createOf("late")], idempotency)).rejects.toThrow(
      StoreUnavailableError,
    );
    expect(performance.now() - started).toBeLessThan(5000);
    await failing("off", {});
    const results = await carryOut(node.orders, [createOf("late")], idempotency);
    await expectPlaced(results);
    expect(results).toMatchObject([{ kind: "written", order: { customer_name: "late" } }]);
    expect(await readAll(node.orders)).toHaveLength(1);
  });
});

describe("a statement that fails on the way", () => {
  it.each([
    ["findAndModify", { closeConnection: true }],
    ["aggregate", { closeConnection: true }],
    ["insert", { errorCode: 112, errorLabels: ["TransientTransactionError"] }],
    ["insert", { closeConnection: true }],
    ["find", { errorCode: 10107 }],
    ["abortTransaction", { closeConnection: true }],
  ])("%s %j: the write is tried again", async (command, fault) => {
    await failing({ times: 1 }, { failCommands: [command], appName: "live-orders requests", ...fault });
    const results = await carryOut(node.orders, [
      createOf("once"),
      { op: "patch", id: 99, order: { status: "shipped" } },
    ]);
    expect(results).toMatchObject([{ kind: "written" }, { kind: "not-found" }]);
    await expectPlaced(results);
    expect(await readAll(node.orders)).toHaveLength(1);
  });
});

describe("an idempotency key", () => {
  const keys = () => mongo.client.db(mongo.database).collection(IDEMPOTENCY_KEYS);
  const idempotency = { key: "left", fingerprint: "f" };

  it("whose node died before it noted when it committed: a repeat finds the very answer", async () => {
    const operations = [createOf("a"), { op: "delete", id: 1 }, createOf("b")] as const;
    const first = await carryOut(node.orders, operations, idempotency);
    await carryOut(node.orders, [{ op: "patch", id: 2, order: { status: "shipped" } }]);
    await keys().updateMany({}, { $unset: { time: 1 } });
    const other = await database.open();
    const [one, two] = await Promise.all([
      carryOut(other.orders, operations, idempotency),
      carryOut(node.orders, operations, idempotency),
    ]);
    expect(one).toEqual(first);
    expect(two).toEqual(first);
    expect(await keys().countDocuments({ time: { $exists: true } })).toBe(1);
  });

  it("ends after 24 h, by the database", async () => {
    await carryOut(node.orders, [createOf("a")], idempotency);
    const indexes: unknown[] = await keys().listIndexes().toArray();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { at: 1 }, expireAfterSeconds: 86_400 }));
    expect(await keys().countDocuments({ at: { $type: "date" } })).toBe(1);
  });
});

describe("unchanged results among writes", () => {
  it("are exact, whoever changes the row meanwhile", async () => {
    await database.direct.insert([orderOf(1)]);
    let on = true;
    const restless = (async () => {
      for (let n = 0; on; n += 1) await database.direct.update(1, { product_name: `p${n % 3}` });
    })();
    const answers = [];
    for (let round = 0; round < 15; round += 1) {
      const [unchanged] = await carryOut(node.orders, [
        { op: "patch", id: 1, order: { status: "pending" } },
        createOf("beside"),
      ]);
      answers.push(unchanged);
    }
    on = false;
    await restless;
    expect(answers).toHaveLength(15);
    await feed.reached((await node.orders.now()).position);
    for (const answer of answers) {
      if (answer?.kind !== "unchanged") throw new Error(`not unchanged: ${answer?.kind}`);
      const before = feed.changes
        .filter(({ id, position }) => id === 1 && position <= answer.position)
        .at(-1);
      expect(answer.order).toEqual(before?.after ?? orderOf(1));
    }
  });
});
