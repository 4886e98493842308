import { createOrdersApi } from "@live-orders/client/orders-api";
import { ActivitySeries } from "@live-orders/protocol/activity-series";
import { activitySchema, activityTimesSchema, type ActivityStep } from "@live-orders/protocol/http-activity";
import { changesAnswerSchema } from "@live-orders/protocol/http-changes";
import { STATUSES } from "@live-orders/protocol/status";
import { eventually } from "@live-orders/testkit/eventually";
import { naiveArrivals, naiveSums } from "@live-orders/testkit/naive-activity";
import { seededRandom } from "@live-orders/testkit/seeded-random";
import { carryOut, createOf } from "@live-orders/testkit/store-samples";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOnMemory } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";
import { askedRange } from "./asked-range.ts";

let server: Awaited<ReturnType<typeof startOnMemory>>;
beforeEach(async () => {
  server = await startOnMemory();
});
afterEach(() => server.dispose());

const read = async (path: string) => (await call(server.url, "GET", path)).json();
/** As of everything that was committed so far: an answer may be a second old. */
const activity = (range = "15m") =>
  eventually(async () => {
    const { position } = server.database.now();
    const answer = activitySchema.parse(await read(`/api/activity?range=${range}`));
    return answer.position >= position && answer;
  });
const happened = (steps: readonly ActivityStep[]) =>
  steps
    .filter(({ changes }) => changes > 0)
    .map(({ at, changes, created }) => ({ startMs: Date.parse(at), changes, created }));

const random = seededRandom(11);
async function write(count: number): Promise<void> {
  const orders = server.database.store();
  for (let index = 0; index < count; index += 1) {
    const ids = [...server.database.rows.keys()];
    if (ids.length < 5 || random.chance(0.3)) await carryOut(orders, [createOf(`${index}`)]);
    else if (random.chance(0.1)) await carryOut(orders, [{ op: "delete", id: random.pick(ids) }]);
    else {
      const order = { status: random.pick(STATUSES) };
      await carryOut(orders, [{ op: "patch", id: random.pick(ids), order }]);
    }
  }
}

describe("GET /api/activity", () => {
  it("tells what the log tells, step by step, and how many orders stand in each status", async () => {
    await write(80);
    const answer = await activity();
    const sums = naiveSums(server.database.log, askedRange("15m", Date.now()));
    expect(happened(answer.steps)).toEqual(sums.map(({ net: _, ...rest }) => rest));
    expect(answer.steps).toHaveLength(60);
    expect(answer.steps[0]?.standing).toEqual({ pending: 0, shipped: 0, delivered: 0 });
    const { total: _, position: __, ...counts } = await server.database.store().counts("");
    expect(answer.steps.at(-1)?.standing).toEqual(counts);
    expect(answer).toMatchObject({ range: "15m", step: 15, cut: null });
    expect(answer.newest).toEqual(server.database.log.slice(-50).reverse());
  });

  it("goes on by the feed: the changes after its cursor make a later answer of it", async () => {
    await write(20);
    const before = await activity();
    const known = server.database.log.length;
    await write(40);
    const after = await activity();
    const { changes } = changesAnswerSchema.parse(await read(`/api/changes?after=${before.cursor}`));
    expect(changes).toHaveLength(server.database.log.length - known);
    const series = new ActivitySeries({ stepMs: 15_000, most: 60, steps: before.steps });
    for (const change of changes) series.take(change);
    series.reach(Date.parse(after.steps.at(-1)?.at ?? ""));
    expect(series.steps()).toEqual(after.steps);
  });

  it("covers as much as is asked, an hour if nothing is", async () => {
    for (const [range, step, steps] of [
      ["15m", 15, 60],
      ["1h", 60, 60],
      ["6h", 300, 72],
      ["24h", 1200, 72],
    ] as const) {
      const answer = await activity(range);
      expect([answer.range, answer.step, answer.steps.length]).toEqual([range, step, steps]);
    }
    expect(await read("/api/activity")).toMatchObject({ range: "1h" });
  });

  it("refuses other ranges, parameters and methods, and is 503 while the database is away", async () => {
    for (const [query, field] of [
      ["range=7d", "range"],
      ["range=", "range"],
      ["range=1h&range=1h", "range"],
      ["from=1", "from"],
    ] as const) {
      for (const path of ["/api/activity", "/api/activity/times"]) {
        const { slug, errors } = (await call(server.url, "GET", `${path}?${query}`)).problem();
        expect([query, slug, errors?.[0]?.path]).toEqual([query, "validation", field]);
      }
    }
    expect((await call(server.url, "POST", "/api/activity")).problem().slug).toBe("method-not-allowed");
    server.database.setAway(true);
    for (const path of ["/api/activity", "/api/activity/times"]) {
      expect((await call(server.url, "GET", path)).problem().slug).toBe("unavailable");
    }
  });
});

describe("GET /api/activity/times", () => {
  it("tells the median and the 90th percentile of how long orders took", async () => {
    await write(120);
    const answer = activityTimesSchema.parse(await read("/api/activity/times?range=15m"));
    const arrivals = naiveArrivals(server.database.log, askedRange("15m", Date.now()));
    for (const to of ["shipped", "delivered"] as const) {
      const sorted = arrivals.filter((one) => one.to === to).map(({ ms }) => ms);
      sorted.sort((a, b) => a - b);
      expect(sorted.length).toBeGreaterThan(5);
      // Nearest rank: the first that at least that share of all does not exceed.
      const rank = (share: number) => sorted.find((_, index) => (index + 1) / sorted.length >= share);
      expect(answer[to]).toEqual({ count: sorted.length, median: rank(0.5), p90: rank(0.9) });
    }
  });

  it("knows nothing of nothing, and is a method of the client, as the other is", async () => {
    const api = createOrdersApi({ baseUrl: server.url });
    const nothing = { count: 0, median: null, p90: null };
    expect(await api.activityTimes("1h")).toMatchObject({ value: { shipped: nothing, delivered: nothing } });
    expect(await api.activity("6h")).toMatchObject({ value: { range: "6h" } });
  });
});
