import { activitySchema } from "@live-orders/protocol/http-activity";
import { changesAnswerSchema } from "@live-orders/protocol/http-changes";
import { countsSchema } from "@live-orders/protocol/http-orders";
import { eventually } from "@live-orders/testkit/eventually";
import { naiveSums } from "@live-orders/testkit/naive-activity";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { afterEach, expect, it } from "vitest";
import { type ApiServer, startOnMongo } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";
import { askedRange } from "./asked-range.ts";

const mongo = useMongo();
let server: ApiServer | null = null;
afterEach(async () => {
  await server?.dispose();
  server = null;
  await mongo.client.db("live_orders").dropDatabase();
});

async function start(historyDays: number) {
  server = await startOnMongo(mongo.uri, { historyDays });
  const { url: base } = server;
  const read = async (path: string) => (await call(base, "GET", path)).json();
  return { base, read, activity: async () => activitySchema.parse(await read("/api/activity?range=15m")) };
}
const operations = (from: number) =>
  Array.from({ length: 50 }, (_, index) => ({
    op: "create",
    order: { customer_name: `Customer ${from + index}`, product_name: "Chair" },
  }));

it("holds every write that was answered, though the history trails the feed, and agrees with the counts", async () => {
  const { base, read, activity } = await start(30);
  await eventually(async () => (await activity()).cut === "history");
  const { cursor } = await activity();
  for (let round = 0; round < 5; round += 1) {
    await call(base, "POST", "/api/orders/bulk", { body: { operations: operations(round * 50) } });
    for (const id of [1, 2, 3]) {
      const status = ["shipped", "delivered", "pending"][(round + id) % 3];
      await call(base, "PATCH", `/api/orders/${round * 50 + id}`, { body: { status } });
    }
    const counts = countsSchema.parse(await read("/api/orders/counts"));
    // An answer stands for a while for those who ask again.
    const answer = await eventually(async () => {
      const latest = await activity();
      return latest.position >= counts.position && latest;
    });
    const { changes } = changesAnswerSchema.parse(await read(`/api/changes?after=${cursor}&limit=1000`));
    const { pending, shipped, delivered } = counts;
    expect(answer.steps.at(-1)?.standing).toEqual({ pending, shipped, delivered });
    const sums = naiveSums(changes, askedRange("15m", Date.now()));
    const happened = answer.steps.filter((step) => step.changes > 0);
    expect(happened.map(({ at, changes: all, created }) => [Date.parse(at), all, created])).toEqual(
      sums.map(({ startMs, changes: all, created }) => [startMs, all, created]),
    );
    expect(answer.newest).toEqual(changes.slice(-50).reverse());
  }
});

it("begins now where no history is kept", async () => {
  const { base, read, activity } = await start(0);
  await call(base, "POST", "/api/orders/bulk", { body: { operations: operations(0) } });
  const answer = await activity();
  expect(answer).toMatchObject({ cut: "off", newest: [] });
  expect(answer.steps).toMatchObject([
    { changes: 0, created: 0, standing: { pending: 50, shipped: 0, delivered: 0 } },
  ]);
  expect(await read("/api/activity/times")).toMatchObject({ cut: "off", position: null });
});
