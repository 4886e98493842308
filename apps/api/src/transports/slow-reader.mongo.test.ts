import { changeBatchSchema } from "@live-orders/protocol/change";
import { eventually } from "@live-orders/testkit/eventually";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { Int32, type Collection } from "mongodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { startOnMongo, type ApiServer } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";
import { EventStreamClient } from "../../test/event-stream-client.ts";
import { SocketClient } from "../../test/socket-client.ts";

const mongo = useMongo({ oplogSizeMb: 256 });

interface Row {
  _id: Int32;
}

let server: ApiServer;
let rows: Collection<Row>;
beforeEach(async () => {
  await mongo.client.db("live_orders").dropDatabase();
  server = await startOnMongo(mongo.uri);
  rows = mongo.client.db("live_orders").collection<Row>("orders");
});
afterEach(() => server.dispose());

/** 12 MB of changes or so: more than the kernel's own buffers and a reader's bound take together. */
const ROUNDS = 20;
const ROWS = 1000;

async function insertRound(round: number): Promise<void> {
  const fields = {
    customer_name: "Ada",
    product_name: "x".repeat(200),
    status: "pending",
    updated_at: new Date(),
  };
  await rows.insertMany(
    Array.from({ length: ROWS }, (_, index) => ({ _id: new Int32(round * ROWS + index + 1), ...fields })),
  );
}

const ALL_IDS = Array.from({ length: ROUNDS * ROWS }, (_, index) => index + 1);

const metric = async (name: string): Promise<number> => {
  const { text } = await call(server.url, "GET", "/metrics");
  return Number(new RegExp(`^live_orders_${name} (.+)$`, "m").exec(text)?.[1]);
};

const streamIds = (stream: EventStreamClient): number[] =>
  stream.events.flatMap(({ data }) => changeBatchSchema.parse(data).changes.map(({ id }) => id));
const batchSizeSchema = z.object({ changes: z.array(z.unknown()) });
const streamCount = (stream: EventStreamClient): number =>
  stream.events.reduce((count, { data }) => count + batchSizeSchema.parse(data).changes.length, 0);

describe("a reader that does not read", () => {
  it("is bounded, holds up no other, and has missed nothing when it reads again: an event stream", async () => {
    const stream = () => EventStreamClient.open(`${server.url}/api/changes/stream`);
    const [slow, quick] = [await stream(), await stream()];
    await eventually(() => slow.events.length === 1 && quick.events.length === 1);
    slow.pause();
    for (let round = 0; round < ROUNDS; round += 1) await insertRound(round);
    await eventually(() => streamCount(quick) === ALL_IDS.length, { within: 30_000, every: 100 });
    expect(streamIds(quick)).toEqual(ALL_IDS);
    expect(streamCount(slow)).toBeLessThan(ALL_IDS.length);
    expect(await metric("readers_evicted_total")).toBe(1);
    expect(await metric("backlog_bytes")).toBeLessThan(4 * 1024 * 1024);
    slow.resume();
    await eventually(() => streamCount(slow) === ALL_IDS.length, { within: 30_000, every: 100 });
    expect(streamIds(slow)).toEqual(ALL_IDS);
    slow.close();
    quick.close();
  });

  it("is bounded, holds up no other, and has missed nothing when it reads again: a socket", async () => {
    const [slow, quick] = [new SocketClient(server.url), new SocketClient(server.url)];
    await Promise.all([slow, quick].map((client) => client.watch({ statuses: ["pending"] })));
    const connection = slow.connection();
    connection.pause();
    for (let round = 0; round < ROUNDS; round += 1) await insertRound(round);
    await eventually(() => quick.changes.length === ALL_IDS.length, { within: 30_000, every: 100 });
    expect(slow.changes.length).toBeLessThan(ALL_IDS.length);
    expect(await metric("readers_evicted_total")).toBe(1);
    expect(await metric("backlog_bytes")).toBeLessThan(4 * 1024 * 1024);
    connection.resume();
    await eventually(() => slow.changes.length === ALL_IDS.length, { within: 30_000, every: 100 });
    expect(slow.changes.map(({ id }) => id)).toEqual(ALL_IDS);
    slow.close();
    quick.close();
  });
});
