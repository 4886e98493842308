import { eventually } from "@live-orders/testkit/eventually";
import { carryOut, createOf } from "@live-orders/testkit/store-samples";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { afterEach, beforeEach, expect, it } from "vitest";
import { rollOplog } from "@live-orders/testkit/roll-oplog";
import { type RecordingNode, startRecordingNode } from "../test/recording-node.ts";

const mongo = useMongo({ oplogSizeMb: 1, extraArgs: ["--syncdelay", "1"] });
let nodes: RecordingNode[] = [];

async function start(historyDays: number, records = true): Promise<RecordingNode> {
  const { uri, database } = mongo;
  const node = await startRecordingNode({ uri, database, historyDays, records });
  nodes.push(node);
  return node;
}
interface State {
  _id: string;
  from?: string;
  recordedTo?: string;
}
const state = () =>
  mongo.client
    .db(mongo.database)
    .collection<State>("order_changes")
    .findOne({ owner: { $exists: true } });
const recordedTo = (position: string) =>
  eventually(async () => ((await state())?.recordedTo ?? "") >= position, { within: 30_000 });

beforeEach(() => {
  nodes = [];
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
});

it("a cursor older than every log in RAM and than the oplog is caught up from the history", async () => {
  const recording = await start(30);
  await eventually(async () => (await state())?.from !== undefined);
  const old = await recording.store.orders.now();
  await carryOut(recording.store.orders, [createOf("a"), createOf("b")]);
  await carryOut(recording.store.orders, [{ op: "patch", id: 1, order: { status: "shipped" } }]);
  await carryOut(recording.store.orders, [{ op: "delete", id: 2 }]);
  await recordedTo((await recording.store.orders.now()).position);
  await rollOplog(mongo.client);
  // A recorder of its own would be a reader more, whose rungs are not what is looked at.
  const fresh = await start(30, false);
  await carryOut(fresh.store.orders, [createOf("c")]);
  const { position } = await fresh.store.orders.now();
  await recordedTo(position);
  const changes = await fresh.changesAfter(old, position);
  expect(changes).toMatchObject([
    { op: "insert", id: 1 },
    { op: "insert", id: 2 },
    { op: "update", id: 1, before: { status: "pending" }, after: { status: "shipped" } },
    { op: "delete", id: 2, before: { customer_name: "b" } },
    { op: "insert", id: 3 },
  ]);
  expect([...fresh.rungs]).toEqual(["history"]);
  expect(recording.gaps).toEqual([]);
});

it("with HISTORY_DAYS=0 such a cursor is history-lost", async () => {
  const node = await start(0);
  await carryOut(node.store.orders, [createOf("a")]);
  const old = await node.store.orders.now();
  await node.stop();
  await rollOplog(mongo.client);
  const fresh = await start(0);
  const { position } = await fresh.store.orders.now();
  expect(await fresh.changesAfter(old, position)).toMatchObject({ kind: "lost", reason: "history-lost" });
  expect([...fresh.rungs]).toEqual(["database"]);
});

it("what the oplog lost before it was recorded is a gap: recorded, told, and history-lost to who was before it", async () => {
  const first = await start(30);
  await eventually(async () => (await state())?.from !== undefined);
  const old = await first.store.orders.now();
  await carryOut(first.store.orders, [createOf("a")]);
  await recordedTo((await first.store.orders.now()).position);
  await first.stop();
  const end = (await state())?.recordedTo ?? "";
  const orders = mongo.client.db(mongo.database).collection<{ _id: number }>("orders");
  await orders.updateOne({ _id: 1 }, { $set: { status: "shipped" } });
  await rollOplog(mongo.client);
  const second = await start(30);
  await eventually(() => second.gaps.length > 0, { within: 30_000 });
  expect(second.gaps).toEqual(["history-lost"]);
  const from = (await state())?.from ?? "";
  expect(await state()).toMatchObject({ gaps: [{ reason: "history-lost", after: end, from }] });
  const beforeGap = { ...old, position: end };
  for (const at of [old, beforeGap]) {
    expect(await second.changesAfter(at, from)).toMatchObject({ kind: "lost", reason: "history-lost" });
  }
  await carryOut(second.store.orders, [{ op: "patch", id: 1, order: { customer_name: "Ada" } }]);
  const { position } = await second.store.orders.now();
  expect(await second.changesAfter({ ...old, position: from }, position)).toMatchObject([{ op: "update" }]);
  await recordedTo(position);
  const history = await second.store.orderHistory.of(1, { limit: 9, before: null });
  expect(history?.changes.map(({ op }) => op)).toEqual(["update", "insert"]);
  const [latest] = history?.changes ?? [];
  // Whole from here on: what is missing lies before it.
  expect(Date.parse(history?.kept?.since ?? "")).toBeGreaterThan(Date.parse(latest?.at ?? "") - 60_000);
  expect(Date.parse(history?.kept?.since ?? "")).toBeGreaterThan(Date.parse(history?.changes[1]?.at ?? ""));
});
