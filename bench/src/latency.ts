/**
 * `pnpm bench:latency`: one writer at 100 writes/s straight to the database, one Socket.IO client, and a bare change
 * stream beside it, in the same run and over the same writes: from just before the write to the arrival.
 */
import { startApi } from "@live-orders/testkit/api-process";
import { startReplicaSet } from "@live-orders/testkit/mongo-replica-set";
import type { ChangeBatch } from "@live-orders/protocol/change";
import { type Collection, Int32, MongoClient } from "mongodb";
import { setTimeout as delay } from "node:timers/promises";
import { io } from "socket.io-client";
import { quantile } from "./quantiles.ts";

const WRITES = 1000;
const EVERY_MS = 10;

interface OrderRow {
  _id: Int32 | number;
  customer_name: string;
  product_name: string;
  status: string;
  updated_at: Date;
}

/** Arrival times by order id, in ms of this process's clock. */
type Arrivals = Map<number, number>;

async function watchBySocket(url: string): Promise<{ arrivals: Arrivals; close: () => void }> {
  const arrivals: Arrivals = new Map();
  const socket = io(url, { transports: ["websocket"] });
  socket.on("changes", (batch: ChangeBatch) => {
    const now = performance.now();
    for (const change of batch.changes) arrivals.set(change.id, now);
  });
  const watch = { statuses: ["pending", "shipped", "delivered"] };
  const ack: unknown = await socket.timeout(5000).emitWithAck("watch", watch);
  if (JSON.stringify(ack).includes('"ok":false')) throw new Error(JSON.stringify(ack));
  return { arrivals, close: () => socket.close() };
}

function watchBare(rows: Collection<OrderRow>): { arrivals: Arrivals; close: () => Promise<void> } {
  const arrivals: Arrivals = new Map();
  const stream = rows.watch([], { fullDocument: "whenAvailable", fullDocumentBeforeChange: "whenAvailable" });
  stream.on("change", (event) => {
    if (event.operationType === "insert") arrivals.set(Number(event.documentKey._id), performance.now());
  });
  return { arrivals, close: () => stream.close() };
}

async function write(rows: Collection<OrderRow>): Promise<Map<number, number>> {
  const began = new Map<number, number>();
  const pending: Promise<unknown>[] = [];
  for (let id = 1; id <= WRITES; id += 1) {
    const row = { _id: new Int32(id), customer_name: "Ada", product_name: "Chair", status: "pending" };
    began.set(id, performance.now());
    pending.push(rows.insertOne({ ...row, updated_at: new Date() }));
    await delay(EVERY_MS);
  }
  await Promise.all(pending);
  return began;
}

function latencies(began: ReadonlyMap<number, number>, arrivals: Arrivals): number[] {
  return [...began].flatMap(([id, at]) => {
    const arrived = arrivals.get(id);
    return arrived === undefined ? [] : [arrived - at];
  });
}

const set = await startReplicaSet();
const api = await startApi({ DATABASE_URL: set.uri });
const client = await new MongoClient(set.uri, { writeConcern: { w: "majority" } }).connect();
const rows = client.db("live_orders").collection<OrderRow>("orders");
const bare = watchBare(rows);
const socket = await watchBySocket(api.url);
await delay(500);
const began = await write(rows);
await delay(1000);
for (const [name, { arrivals }] of Object.entries({
  "bare change stream": bare,
  "Socket.IO client": socket,
})) {
  const values = latencies(began, arrivals);
  const figures = [0.5, 0.95, 0.99].map(
    (share) => `p${share * 100} ${quantile(values, share).toFixed(2)} ms`,
  );
  console.log(`${name.padEnd(20)} ${values.length}/${WRITES} seen  ${figures.join("  ")}`);
}
socket.close();
await bare.close();
await client.close();
await api.dispose();
await set.dispose();
