import type { Change } from "@live-orders/protocol/change";
import type { ArchiveLease, ChangeArchive } from "@live-orders/store/change-archive";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { eventually } from "@live-orders/testkit/eventually";
import { StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { carryOut, carryOutOne, createOf, orderOf } from "@live-orders/testkit/store-samples";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { setTimeout as delay } from "node:timers/promises";
import { type Document, Timestamp } from "mongodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshDatabase, LogBook, type MongoStoreDatabase } from "../test/mongo-stores.ts";
import { positionOf } from "./mongo-position.ts";
import { type MongoStore, openMongoStore } from "./mongo-store.ts";

const mongo = useMongo({ extraArgs: ["--setParameter", "enableTestCommands=1"] });
let database: MongoStoreDatabase;
let node: MongoStore;
let opened: MongoStore[] = [];
let feed: StoreFeedRecorder;
let feeds: StoreFeedRecorder[] = [];

async function open(options: { historyDays?: number; archiveLeaseMs?: number } = {}): Promise<MongoStore> {
  const { uri, database: name } = mongo;
  const logger = new LogBook();
  const store = await openMongoStore({ uri, database: name, logger, historyDays: 30, ...options });
  if (store.kind === "refused") throw new Error(store.reason);
  opened.push(store);
  return store;
}

beforeEach(async () => {
  database = freshDatabase(mongo);
  node = await open();
  feed = StoreFeedRecorder.ofSource(node.source);
  await feed.opened();
});
afterEach(async () => {
  await Promise.all([feed, ...feeds].map((one) => one.stop()));
  await Promise.all(opened.map((store) => store.close()));
  [opened, feeds] = [[], []];
  await database.dispose();
});

const archiveOf = ({ archive }: MongoStore): ChangeArchive => {
  if (archive === null) throw new Error("No history is kept");
  return archive;
};
async function take(store: MongoStore): Promise<ArchiveLease> {
  const lease = await archiveOf(store).acquire(null);
  if (lease === null) throw new Error("Another node holds the lease");
  return lease;
}
const failing = (mode: "off" | "alwaysOn", data: Document) =>
  mongo.client.db("admin").command({ configureFailPoint: "failCommand", mode, data });
const rowCount = () =>
  mongo.client
    .db(mongo.database)
    .collection("order_changes")
    .countDocuments({ op: { $exists: true } });
const newest = { limit: 500, before: null };
const here = async (): Promise<CursorParts> => {
  const at = await node.orders.now();
  await feed.reached(at.position);
  return at;
};

/** Has the lease begin at the feed's place, and brings what follows into the history whenever it is called. */
async function recording(
  store: MongoStore,
): Promise<{ lease: ArchiveLease; record: () => Promise<CursorParts> }> {
  const lease = await take(store);
  const from = await here();
  expect(await lease.begin(from, null)).toBe(true);
  let last = from.position;
  const record = async (): Promise<CursorParts> => {
    const to = await here();
    const changes = feed.changes.filter(({ position }) => position > last && position <= to.position);
    expect(await lease.append(changes, to)).toBe(true);
    last = to.position;
    return to;
  };
  return { lease, record };
}

function history(store: MongoStore, after: CursorParts): StoreFeedRecorder {
  const [rung] = store.ladder;
  expect(rung?.rung).toBe("history");
  const reader = StoreFeedRecorder.ofHistory(rung ?? store.history, after);
  feeds.push(reader);
  return reader;
}

const longAgo = (days: number, n: number): string =>
  positionOf({ time: new Timestamp({ t: Math.floor(Date.now() / 1000) - days * 86_400, i: 1 }), n });
const changeAt = (position: string, id: number): Change => ({
  position,
  op: "insert",
  id,
  before: null,
  after: orderOf(id),
  at: "2024-01-01T00:00:00.000Z",
});

describe("the lease", () => {
  it("is one node's until it is released", async () => {
    const other = await open();
    const lease = await take(node);
    expect(await archiveOf(other).acquire(null)).toBeNull();
    expect(await lease.renew(null)).not.toBeNull();
    await lease.release(null);
    expect(await lease.renew(null)).toBeNull();
    expect((await take(other)).recordedTo).toBeNull();
  });

  it("is taken over when it is over, and the former holder moves nothing any more", async () => {
    const short = await open({ archiveLeaseMs: 300 });
    const { lease: former, record } = await recording(short);
    await carryOut(node.orders, [createOf("a"), createOf("b")]);
    const to = await record();
    const latter = await eventually(async () => (await archiveOf(short).acquire(null)) ?? false);
    expect(latter.recordedTo).toEqual(to);
    await carryOut(node.orders, [createOf("c")]);
    const later = await here();
    const third = feed.changes.slice(2);
    expect(await former.append(third, later)).toBe(false);
    expect(await former.begin(later, "history-lost")).toBe(false);
    expect(await former.renew(null)).toBeNull();
    await former.release(null);
    expect(await latter.append(third, later)).toBe(true);
    expect(await rowCount()).toBe(3);
    await latter.release(null);
    expect((await take(short)).recordedTo).toEqual(later);
  });

  it("that is over is left to a holder who has recorded what is known of", async () => {
    const short = await open({ archiveLeaseMs: 300 });
    const { record } = await recording(short);
    await carryOut(node.orders, [createOf("a")]);
    const { position } = await record();
    await delay(400);
    expect(await archiveOf(short).acquire(position)).toBeNull();
    await carryOut(node.orders, [createOf("b")]);
    const later = await here();
    const latter = await eventually(async () => (await archiveOf(short).acquire(later.position)) ?? false);
    await latter.release(null);
    expect(await archiveOf(short).acquire("")).not.toBeNull();
  });

  it("is renewed by a write whose place the feed's head stands at, if nothing else is written", async () => {
    const { lease, record } = await recording(node);
    await record();
    const position = await lease.renew(null);
    expect((await here()).position).toBe(position);
  });

  it("carries the end of the history along, never back and not over to another collection's", async () => {
    const { lease, record } = await recording(node);
    const first = await record();
    await carryOut(node.orders, [createOf("a")]);
    const second = await here();
    expect(await lease.renew(second)).not.toBeNull();
    await lease.release(first);
    const next = await take(node);
    expect(next.recordedTo).toEqual(second);
    const later = { ...second, position: longAgo(-1, 1) };
    expect(await next.renew({ ...later, generation: "another" })).not.toBeNull();
    await next.release(null);
    const last = await take(node);
    expect(last.recordedTo).toEqual(second);
    await last.release(later);
    expect((await take(node)).recordedTo).toEqual(later);
  });
});

describe("the rung history", () => {
  it("gives each change once, with its key, from the rows and on from the oplog, after any of them", async () => {
    const { record } = await recording(node);
    const start = await node.orders.now();
    await carryOut(node.orders, [createOf("a"), createOf("b"), createOf("c")], {
      key: "k",
      fingerprint: "f",
    });
    await carryOut(node.orders, [
      { op: "patch", id: 1, order: { status: "shipped" } },
      { op: "delete", id: 2 },
    ]);
    await record();
    await record();
    await carryOut(node.orders, [createOf("d"), { op: "delete", id: 1 }]);
    const end = await here();
    expect(feed.changes).toHaveLength(7);
    expect(feed.changes.slice(0, 3).map(({ key }) => key)).toEqual(["k", "k", "k"]);
    for (const [seen, position] of [start.position, ...feed.changes.map((one) => one.position)].entries()) {
      const reader = history(node, { ...end, position });
      await reader.reached(end.position);
      expect(reader.changes).toEqual(feed.changes.slice(seen));
    }
  });

  it("reads more rows than a page holds, and shows a change that was appended twice once", async () => {
    const { lease, record } = await recording(node);
    const start = await node.orders.now();
    for (let round = 0; round < 3; round += 1) {
      await carryOut(
        node.orders,
        Array.from({ length: 900 }, (_, index) => createOf(`${index}`)),
      );
    }
    const end = await record();
    expect(await lease.append(feed.changes.slice(0, 1500), end)).toBe(true);
    const reader = history(node, start);
    await reader.reached(end.position);
    expect(reader.changes).toEqual(feed.changes);
    expect(await rowCount()).toBe(2700);
  });

  it("is lost before its beginning, across a gap and for another collection, and not begun at all", async () => {
    const early = await here();
    expect(await history(node, early).event("lost")).toMatchObject({ reason: "history-lost" });
    await carryOut(node.orders, [createOf("a")]);
    const { lease, record } = await recording(node);
    const begun = await record();
    expect(await history(node, early).event("lost")).toMatchObject({ reason: "history-lost" });
    await carryOut(node.orders, [createOf("b")]);
    const after = await here();
    expect(await lease.begin(after, "history-lost")).toBe(true);
    for (const at of [early, begun, { ...after, generation: "another" }]) {
      expect(await history(node, at).event("lost")).toMatchObject({ reason: "history-lost" });
    }
    const reader = history(node, after);
    await carryOut(node.orders, [createOf("c")]);
    await reader.reached(await record().then(({ position }) => position));
    expect(reader.changes.map(({ id }) => id)).toEqual([3]);
    const state = await mongo.client
      .db(mongo.database)
      .collection("order_changes")
      .findOne({ gaps: { $exists: true } });
    expect(state?.["gaps"]).toEqual([
      { reason: "history-lost", after: begun.position, from: after.position },
    ]);
  });

  it("goes with its rows when another program drops their collection", async () => {
    const { lease, record } = await recording(node);
    const start = await node.orders.now();
    await carryOut(node.orders, [createOf("a")]);
    const end = await record();
    await mongo.client.db(mongo.database).dropCollection("order_changes");
    expect(await lease.append([], end)).toBe(false);
    expect(await history(node, start).event("lost")).toMatchObject({ reason: "history-lost" });
    expect(await node.orderHistory.of(1, newest)).toEqual({ changes: [], next: null, kept: null });
    expect((await take(node)).recordedTo).toBeNull();
  });
});

describe("what is too old", () => {
  it("goes, the beginning first: a cursor from before it is lost, one from after it is not", async () => {
    const { generation } = await here();
    const lease = await take(node);
    await lease.begin({ generation, position: longAgo(40, 1) }, null);
    const old = [35, 31, 29, 1].map((days, index) => changeAt(longAgo(days, 1), index + 1));
    expect(await lease.append(old, await here())).toBe(true);
    const before = { generation, position: longAgo(33, 1) };
    const within = { generation, position: longAgo(29.5, 1) };
    const reader = history(node, before);
    await eventually(() => reader.changes.length === 3);
    expect(await lease.prune()).toBe("done");
    expect(await rowCount()).toBe(2);
    expect(await history(node, before).event("lost")).toMatchObject({ reason: "history-lost" });
    const kept = history(node, within);
    await eventually(() => kept.changes.length === 2);
    expect(kept.changes).toEqual(old.slice(2));
    const answer = await node.orderHistory.of(3, newest);
    expect(answer?.changes).toEqual([old[2]]);
    expect(Math.abs(Date.parse(answer?.kept?.since ?? "") - (Date.now() - 30 * 86_400_000))).toBeLessThan(
      20_000,
    );
  });

  it("is not taken away by a node that does not hold the lease", async () => {
    const { generation } = await here();
    const lease = await take(node);
    await lease.begin({ generation, position: longAgo(40, 1) }, null);
    await lease.append([changeAt(longAgo(35, 1), 1)], await here());
    await lease.release(null);
    expect(await lease.prune()).toBe("not-held");
    expect(await rowCount()).toBe(1);
  });

  it("is more than one call takes away", async () => {
    const { generation } = await here();
    const lease = await take(node);
    await lease.begin({ generation, position: longAgo(40, 1) }, null);
    const many = Array.from({ length: 5_010 }, (_, index) => changeAt(longAgo(35, index + 1), 1));
    await lease.append(many, await here());
    expect(await lease.prune()).toBe("more");
    expect(await rowCount()).toBe(10);
    expect(await lease.prune()).toBe("done");
    expect(await rowCount()).toBe(0);
  });

  it("is everything with HISTORY_DAYS=0, unless a node still records", async () => {
    const { lease, record } = await recording(node);
    await carryOut(node.orders, [createOf("a")]);
    await record();
    await open({ historyDays: 0 });
    expect(await lease.renew(null)).not.toBeNull();
    expect(await rowCount()).toBe(1);
    await lease.release(null);
    const off = await open({ historyDays: 0 });
    await eventually(async () => (await rowCount()) === 0);
    expect(off.ladder.map(({ rung }) => rung)).toEqual(["database"]);
    expect(off.archive).toBeNull();
    expect(await off.orderHistory.of(1, newest)).toEqual({ changes: [], next: null, kept: null });
  });
});

it("with HISTORY_DAYS=0 stays while its holder takes its lease back, once it is over, and goes if nobody does", async () => {
  const short = { archiveLeaseMs: 1_000 };
  const holder = await open(short);
  const { lease, record } = await recording(holder);
  await carryOut(node.orders, [createOf("a")]);
  await record();
  await delay(1_100);
  await open({ historyDays: 0, ...short });
  await eventually(async () => (await lease.renew(null)) === null);
  await take(holder);
  await delay(1_200);
  expect(await rowCount()).toBe(1);
  await open({ historyDays: 0, ...short });
  await eventually(async () => (await rowCount()) === 0);
});

describe("the history of an order", () => {
  it("is newest first, page by page, through a deletion and a new order under the id", async () => {
    const { record } = await recording(node);
    await carryOut(node.orders, [createOf("a"), createOf("other")]);
    await database.direct.update(1, { status: "shipped" });
    await database.direct.remove(1);
    const put = { customer_name: "Ada", product_name: "Desk", status: "pending" } as const;
    await carryOutOne(node.orders, { op: "put", id: 1, order: put });
    await carryOutOne(node.orders, { op: "patch", id: 1, order: { status: "delivered" } });
    const to = await record();
    const all = feed.changes.filter(({ id }) => id === 1).reverse();
    expect(all.map(({ op }) => op)).toEqual(["update", "insert", "delete", "update", "insert"]);
    expect(await node.orderHistory.of(1, newest)).toMatchObject({ changes: all, next: null });
    const read: Change[] = [];
    for (let before: string | null = null, pages = 1; ; pages += 1) {
      const page = await node.orderHistory.of(1, { limit: 2, before });
      read.push(...(page?.changes ?? []));
      expect(page?.kept?.position).toBe(to.position);
      before = page?.next ?? null;
      if (before !== null) continue;
      expect(pages).toBe(3);
      break;
    }
    expect(read).toEqual(all);
    expect(await node.orderHistory.of(99, newest)).toMatchObject({ changes: [], next: null });
    expect(await node.orderHistory.of(1, { limit: 2, before: "no position" })).toBeNull();
  });

  it("holds what is recorded, and says up to where that is", async () => {
    const { record } = await recording(node);
    const to = await record();
    await carryOut(node.orders, [createOf("a")]);
    const answer = await node.orderHistory.of(1, newest);
    expect(answer).toMatchObject({ changes: [], kept: { position: to.position } });
  });

  it.each([
    { what: "whose connection broke", fault: { closeConnection: true } },
    { what: "that no majority had in time", fault: { writeConcernError: { code: 64, errmsg: "late" } } },
  ])("does not go past rows $what", async ({ fault }) => {
    const { lease, record } = await recording(node);
    const before = await record();
    await carryOut(node.orders, [createOf("a")]);
    const to = await here();
    const rows = { failCommands: ["insert"], namespace: `${mongo.database}.order_changes` };
    await failing("alwaysOn", { ...rows, ...fault });
    try {
      await expect(lease.append(feed.changes, to)).rejects.toThrow("The database failed");
    } finally {
      await failing("off", {});
    }
    expect((await node.orderHistory.of(1, newest))?.kept?.position).toBe(before.position);
    await record();
    expect((await node.orderHistory.of(1, newest))?.changes).toEqual(feed.changes);
  });

  it("is that of the collection that stands now", async () => {
    const { lease, record } = await recording(node);
    await carryOut(node.orders, [createOf("a")]);
    await record();
    await mongo.client.db(mongo.database).dropCollection("orders");
    const { at } = await feed.event("reset");
    expect(await lease.begin(at, "collection-gone")).toBe(true);
    await carryOut(node.orders, [
      { op: "put", id: 1, order: { customer_name: "B", product_name: "C", status: "pending" } },
    ]);
    await record();
    expect((await node.orderHistory.of(1, newest))?.changes).toMatchObject([
      { op: "insert", after: { customer_name: "B" } },
    ]);
    expect(await rowCount()).toBe(2);
  });
});
