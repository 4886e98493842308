import type { Order } from "@live-orders/protocol/order";
import { eventually } from "@live-orders/testkit/eventually";
import { startReplicaSet, type TestReplicaSet } from "@live-orders/testkit/mongo-replica-set";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startOnMongo, type ApiServer } from "../test/api-server.ts";
import { call } from "../test/call.ts";
import { SocketClient } from "../test/socket-client.ts";

let set: TestReplicaSet;
let server: ApiServer;
let load: ReturnType<typeof startWriters>;
beforeAll(async () => {
  set = await startReplicaSet();
  server = await startOnMongo(set.uri);
});
afterAll(async () => {
  await load.stop();
  await server.dispose();
  await set.dispose();
});

interface Write {
  readonly status: number;
  readonly tookMs: number;
  readonly retryAfter: string | null;
}

/** Writers that never pause, until they are told to stop. */
function startWriters(count: number): { readonly writes: Write[]; stop(): Promise<void> } {
  const writes: Write[] = [];
  let stopped = false;
  const writeOn = async (): Promise<void> => {
    while (!stopped) {
      const startedMs = performance.now();
      const body = { customer_name: "Ada", product_name: `No. ${writes.length}` };
      const answer = await call(server.url, "POST", "/api/orders", { body });
      if (answer.status !== 201) expect(answer.problem().slug).toBe("unavailable");
      const tookMs = performance.now() - startedMs;
      writes.push({ status: answer.status, tookMs, retryAfter: answer.headers.get("Retry-After") });
    }
  };
  const writers = Array.from({ length: count }, writeOn);
  return {
    writes,
    stop: async () => {
      stopped = true;
      await Promise.all(writers);
    },
  };
}

const isReady = async (): Promise<boolean> => (await call(server.url, "GET", "/readyz")).status === 200;
const rowSchema = z.object({ _id: z.number(), product_name: z.string() });

async function rowsOf(uri: string): Promise<[id: number, product: string][]> {
  const client = new MongoClient(uri);
  const found = await client.db("live_orders").collection("orders").find().sort({ _id: 1 }).toArray();
  await client.close();
  return z
    .array(rowSchema)
    .parse(found)
    .map(({ _id, product_name }) => [_id, product_name]);
}

it("mongod killed under load: writes get 503 and /readyz goes red within 5 s; then all is as it was", async () => {
  const client = new SocketClient(server.url);
  await client.watch({ statuses: ["pending", "shipped", "delivered"], counts: true });
  load = startWriters(4);
  await eventually(() => load.writes.length > 50, { within: 30_000 });
  expect(await isReady()).toBe(true);

  await set.kill(0);
  await eventually(async () => !(await isReady()), { within: 5000 });
  await eventually(() => load.writes.filter(({ status }) => status === 503).length >= 8, { within: 15_000 });
  const refused = load.writes.filter(({ status }) => status === 503);
  for (const { tookMs, retryAfter } of refused) {
    expect(tookMs).toBeLessThan(5000);
    expect(retryAfter).toMatch(/^\d+$/);
  }
  for (const path of ["/api/orders", "/api/orders/counts", "/api/orders/1", "/api/changes"]) {
    expect([path, (await call(server.url, "GET", path)).problem().slug]).toEqual([path, "unavailable"]);
  }

  await set.start(0);
  await eventually(isReady, { within: 30_000 });
  const refusals = load.writes.length;
  await eventually(() => load.writes.slice(refusals).some(({ status }) => status === 201), {
    within: 10_000,
  });
  await load.stop();
  const rows = await rowsOf(set.uri);
  await eventually(() => client.changes.length >= rows.length, { within: 10_000 });
  const held = new Map<number, Order>();
  for (const { id, after } of client.changes) if (after !== null) held.set(id, after);
  expect(
    [...held.values()].sort((a, b) => a.id - b.id).map(({ id, product_name }) => [id, product_name]),
  ).toEqual(rows);
  expect(client.changes).toHaveLength(rows.length);
  await eventually(() => client.counts.at(-1)?.total === rows.length, { within: 10_000 });
  client.close();
});
