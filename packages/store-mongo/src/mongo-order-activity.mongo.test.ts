import { type PastChange, pastChanges } from "@live-orders/testkit/activity-samples";
import { describeActivityContract } from "@live-orders/testkit/activity-contract-suite";
import { seededRandom } from "@live-orders/testkit/seeded-random";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { Timestamp } from "mongodb";
import { expect, it } from "vitest";
import { z } from "zod";
import { LogBook } from "../test/mongo-stores.ts";
import { arrivalStages, type RowSpan, sumStages } from "./activity-sums.ts";
import { completeAt, positionOf } from "./mongo-position.ts";
import { openMongoStore } from "./mongo-store.ts";

const mongo = useMongo();

async function seeded(past: readonly PastChange[], beginsMs: number) {
  const { uri, database } = mongo;
  const store = await openMongoStore({ uri, database, logger: new LogBook(), historyDays: 30 });
  if (store.kind === "refused") throw new Error(store.reason);
  const { generation } = await store.orders.now();
  const timeOf = (ms: number, count: number) => new Timestamp({ t: Math.floor(ms / 1000), i: count });
  const changes = past.map((change, index) => {
    const position = positionOf({ time: timeOf(Date.parse(change.at), index + 1), n: 1 });
    return { ...change, position };
  });
  const begin = { generation, position: positionOf(completeAt(timeOf(beginsMs - 1000, 0))) };
  const lease = await store.archive?.acquire(null);
  await lease?.begin(begin, null);
  await lease?.append(changes, { generation, position: changes.at(-1)?.position ?? begin.position });
  return {
    activity: store.orderActivity,
    changes,
    dispose: async () => {
      await store.close();
      await mongo.client.db(database).dropDatabase();
    },
  };
}

describeActivityContract({ name: "MongoDB", seeded });

it("reads the rows of the range by their place, and one row for each arrival", async () => {
  const endMs = Date.UTC(2026, 0, 2, 12);
  const past = { count: 20_000, fromMs: endMs - 40 * 3_600_000, toMs: endMs, orders: 500 };
  const { changes, dispose } = await seeded(pastChanges(seededRandom(7), past), past.fromMs);
  const range = { fromMs: endMs - 3_600_000, stepMs: 60_000, most: 100_000 };
  const last = changes.at(-1);
  const rows = mongo.client.db(mongo.database).collection("order_changes");
  const row = await rows.findOne({ position: last?.position });
  const span: RowSpan = {
    generation: String(row?.["generation"]),
    after: positionOf(completeAt(new Timestamp({ t: range.fromMs / 1000 - 1, i: 0 }))),
    upTo: last?.position ?? "",
  };
  const inRange = changes.filter(({ at }) => Date.parse(at) >= range.fromMs).length;
  const sums = await rows.aggregate(sumStages(span, range)).explain("executionStats");
  const { executionStats } = scanSchema.parse(sums).stages[0].$cursor;
  expect(executionStats.totalDocsExamined).toBe(inRange);
  const arrivals = await rows.aggregate(arrivalStages(span, range, 5000)).explain("executionStats");
  const lookup = lookupSchema.parse(arrivals).stages.find((stage) => stage.$lookup !== undefined);
  expect(lookup?.indexesUsed).toEqual(["id_1_generation_1_turn_1"]);
  expect(lookup?.totalDocsExamined).toBe(lookup?.nReturned);
  await dispose();
});

const scanSchema = z.object({
  stages: z.tuple(
    [z.object({ $cursor: z.object({ executionStats: z.object({ totalDocsExamined: z.number() }) }) })],
    z.unknown(),
  ),
});
const lookupSchema = z.object({
  stages: z.array(
    z.object({
      $lookup: z.unknown().optional(),
      indexesUsed: z.array(z.string()).optional(),
      totalDocsExamined: z.coerce.number().optional(),
      nReturned: z.coerce.number().optional(),
    }),
  ),
});
