import { orderHistorySchema } from "@live-orders/protocol/http-history";
import { orderAnswerSchema, orderPageSchema } from "@live-orders/protocol/http-orders";
import { eventually } from "@live-orders/testkit/eventually";
import { StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { carryOut, carryOutOne, createOf } from "@live-orders/testkit/store-samples";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { startOnMongo } from "../test/api-server.ts";
import { call } from "../test/call.ts";
import { type RecordingNode, startRecordingNode } from "../test/recording-node.ts";

const mongo = useMongo();
let nodes: RecordingNode[] = [];
let feeds: StoreFeedRecorder[] = [];

afterEach(async () => {
  await Promise.all(feeds.map((feed) => feed.stop()));
  await Promise.all(nodes.map((node) => node.stop()));
  [nodes, feeds] = [[], []];
});

async function start(historyDays = 30): Promise<RecordingNode> {
  const { uri, database } = mongo;
  const node = await startRecordingNode({ uri, database, historyDays });
  nodes.push(node);
  return node;
}
interface HistoryDocument {
  _id: string;
  owner?: string | null;
  leaseUntil?: Date;
  position?: string;
  op?: string;
  from?: string;
  recordedTo?: string;
}
const db = () => mongo.client.db(mongo.database);
const collection = (name: string) => db().collection<{ _id: number }>(name);
const history = () => db().collection<HistoryDocument>("order_changes");
const rows = () =>
  history()
    .find({ op: { $exists: true } }, { sort: { _id: 1 } })
    .toArray();
const state = () => history().findOne({ owner: { $exists: true } });
const holds = (node: RecordingNode) =>
  eventually(() => node.recorder?.status().holds ?? false, { within: 30_000 });
const recordedTo = (position: string) =>
  eventually(async () => ((await state())?.recordedTo ?? "") >= position, { within: 30_000 });
/** The holder knows where the history begins. */
const begun = () => eventually(async () => (await state())?.from !== undefined, { within: 30_000 });

it("every change is recorded once, while nodes die and stop under writes and others take over", async () => {
  const watcher = await start(0);
  const feed = StoreFeedRecorder.ofHistory(watcher.store.history, await watcher.store.orders.now());
  feeds.push(feed);
  const [first, second] = [await start(), await start()];
  await begun();
  let writing = true;
  const write = async (name: string): Promise<void> => {
    while (writing) {
      const { order } = await carryOutOne(watcher.store.orders, createOf(name));
      await collection("orders").updateOne({ _id: order.id }, { $set: { status: "shipped" } });
      if (order.id % 3 === 0) await collection("orders").deleteOne({ _id: order.id });
    }
  };
  const from = (await state())?.from ?? "";
  const writers = Promise.all([write("a"), write("b")]);
  const [holder, standby] = first.recorder?.status().holds === true ? [first, second] : [second, first];
  await eventually(async () => (await rows()).length > 50);
  await holder.crash();
  await holds(standby);
  const third = await start();
  const seen = (await rows()).length;
  await eventually(async () => (await rows()).length > seen + 50);
  await standby.stop();
  await holds(third);
  const later = (await rows()).length;
  await eventually(async () => (await rows()).length > later + 50);
  writing = false;
  await writers;
  const { position } = await watcher.store.orders.now();
  await recordedTo(position);
  await feed.reached(position);
  const expected = feed.changes.filter((change) => change.position > from);
  expect((await rows()).map((row) => row.position)).toEqual(expected.map((change) => change.position));
  expect((await state())?.from).toBe(from);
  expect([...first.gaps, ...second.gaps, ...third.gaps]).toEqual([]);
});

/** Nothing is written to the database's log for so long that a lease runs out. */
const quiet = () =>
  eventually(
    async () => {
      const [before] = [await state(), await delay(2_000)];
      return before?.leaseUntil?.getTime() === (await state())?.leaseUntil?.getTime() && before;
    },
    { within: 60_000 },
  );

it("writes nothing while nothing changes, and is left to its holder by the others until they miss a change", async () => {
  const [first, second] = [await start(), await start()];
  await begun();
  await carryOut(first.store.orders, [createOf("a")]);
  await recordedTo((await first.store.orders.now()).position);
  const { owner, recordedTo: end } = (await quiet()) ?? {};
  await carryOut(first.store.orders, [createOf("b")]);
  await eventually(async () => ((await state())?.recordedTo ?? "") > (end ?? ""));
  expect(await quiet()).toMatchObject({ owner });
  const [holder, standby] = first.recorder?.status().holds === true ? [first, second] : [second, first];
  await holder.crash();
  const { position } = await carryOutOne(standby.store.orders, createOf("c"));
  await recordedTo(position);
  expect(standby.recorder?.status()).toMatchObject({ holds: true });
  expect(await rows()).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }]);
});

it("goes on after a restart where the history ended, with what was written in between", async () => {
  const first = await start();
  await begun();
  const from = (await state())?.from;
  await carryOut(first.store.orders, [createOf("before")]);
  await first.stop();
  await collection("orders").updateOne({ _id: 1 }, { $set: { status: "shipped" } });
  const second = await start();
  await carryOut(second.store.orders, [createOf("after")]);
  await recordedTo((await second.store.orders.now()).position);
  expect(await rows()).toMatchObject([
    { op: "insert", id: 1 },
    { op: "update", id: 1, before: { status: "pending" }, after: { status: "shipped" } },
    { op: "insert", id: 2 },
  ]);
  expect((await state())?.from).toBe(from);
});

it("begins anew for the collection that takes a dropped one's place", async () => {
  const node = await start();
  await begun();
  await carryOut(node.store.orders, [createOf("old")]);
  await recordedTo((await node.store.orders.now()).position);
  await db().dropCollection("orders");
  await eventually(() => node.gaps.length === 1);
  expect(node.gaps).toEqual(["collection-gone"]);
  await carryOut(node.store.orders, [createOf("new")]);
  const { generation, position } = await node.store.orders.now();
  await recordedTo(position);
  expect(await state()).toMatchObject({ generation, gaps: [{ reason: "collection-gone" }] });
});

it("GET /api/orders/:id/history tells of every writer, newest first, and of an order that is gone", async () => {
  const server = await startOnMongo(mongo.uri);
  const live = mongo.client.db("live_orders");
  const states = live.collection<{ _id: string }>("order_changes");
  try {
    await eventually(async () => (await states.findOne({ from: { $exists: true } })) !== null);
    const body = { customer_name: "Ada", product_name: "Chair" };
    const headers = { "Idempotency-Key": "of-ada" };
    const created = await call(server.url, "POST", "/api/orders", { body, headers });
    const { order } = orderAnswerSchema.parse(created.json());
    await live
      .collection<{ _id: number }>("orders")
      .updateOne({ _id: order.id }, { $set: { status: "shipped" } });
    const deleted = await call(server.url, "DELETE", `/api/orders/${order.id}`);
    const { position } = orderAnswerSchema.parse(deleted.json());
    const path = `/api/orders/${order.id}/history`;
    const read = async (query = "") =>
      orderHistorySchema.parse((await call(server.url, "GET", path + query)).json());
    await eventually(async () => ((await read()).position ?? "") >= position);
    const whole = await read();
    expect(whole).toMatchObject({
      next: null,
      changes: [{ op: "delete", position }, { op: "update" }, { op: "insert", key: "of-ada" }],
    });
    const page = orderPageSchema.parse((await call(server.url, "GET", "/api/orders")).json());
    await eventually(async () => ((await read()).position ?? "") >= page.position);
    const first = await read("?limit=2");
    const rest = await read(`?limit=2&after=${first.next ?? ""}`);
    expect([...first.changes, ...rest.changes]).toEqual(whole.changes);
    expect(rest.next).toBeNull();
    const metrics = (await call(server.url, "GET", "/metrics")).text;
    expect(metrics).toContain("live_orders_history_changes_total 3");
    expect(metrics).toContain("live_orders_history_lease_held 1");
    expect(metrics).toMatch(/live_orders_history_lag_seconds \d/);
  } finally {
    await server.dispose();
  }
});
