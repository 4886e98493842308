import { SORT_FIELDS, type Sort } from "@live-orders/protocol/order-query";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { freshDatabase, rawOrders, type MongoStoreDatabase } from "../test/mongo-stores.ts";
import type { MongoStore } from "./mongo-store.ts";

const mongo = useMongo();
const ROWS = 2000;
const LIMIT = 20;
const SORTS: readonly Sort[] = SORT_FIELDS.flatMap((field) => [
  { field, descending: false },
  { field, descending: true },
]);
const FILTERS: readonly (readonly Status[])[] = [STATUSES, ["pending"], ["pending", "delivered"]];

let database: MongoStoreDatabase;
let store: MongoStore;
beforeEach(async () => {
  database = freshDatabase(mongo);
  store = await database.open();
  // Few names, each borne by hundreds: a page begins in the midst of one value.
  await rawOrders(mongo.client, mongo.database).insertMany(
    Array.from({ length: ROWS }, (_, index) => ({
      _id: index + 1,
      customer_name: `Customer ${index % 5}`,
      product_name: `Product ${index % 3}`,
      status: STATUSES[index % 3],
      updated_at: new Date(Date.UTC(2024, 0, 1) + (index % 7) * 1000),
    })),
  );
  await mongo.client.db(mongo.database).command({ profile: 2 });
});
afterEach(async () => {
  await mongo.client.db(mongo.database).command({ profile: 0 });
  await database.dispose();
});

const profiledSchema = z.object({
  command: z.looseObject({ limit: z.number().optional(), pipeline: z.unknown().optional() }),
  planSummary: z.string(),
  keysExamined: z.int(),
  docsExamined: z.int(),
  hasSortStage: z.boolean().default(false),
});
type Profiled = z.infer<typeof profiledSchema>;

/** How the database carried out what it was asked of `orders`. */
async function plansOf(isMeant: (profiled: Profiled) => boolean): Promise<Profiled[]> {
  const asked = { ns: `${mongo.database}.orders`, planSummary: { $exists: true } };
  const found = await mongo.client.db(mongo.database).collection("system.profile").find(asked).toArray();
  return z.array(profiledSchema).parse(found).filter(isMeant);
}

/** Reads the page that follows the first 400. */
async function readDeepPage(sort: Sort, statuses: readonly Status[]): Promise<void> {
  const query = { statuses, q: "", sort };
  const top = await store.orders.page({ ...query, limit: 400, after: null });
  if (top.kind !== "page" || top.next === null) throw new Error("There is no second page");
  expect(await store.orders.page({ ...query, limit: LIMIT, after: top.next })).toMatchObject({
    kind: "page",
  });
}

describe("the database's plan", () => {
  it.each(SORTS)(
    "of a page sorted by $field, descending: $descending, reads no more rows than it shows",
    async (sort) => {
      for (const statuses of FILTERS) await readDeepPage(sort, statuses);
      // One more than it shows: whether there is a next page.
      const plans = await plansOf(({ command }) => command.limit === LIMIT + 1);
      expect(plans.length).toBeGreaterThanOrEqual(FILTERS.length);
      for (const plan of plans) {
        expect(plan.planSummary).toMatch(/^IXSCAN/);
        expect(plan.hasSortStage).toBe(false);
        expect(plan.docsExamined).toBeLessThanOrEqual(LIMIT + 1);
        expect(plan.keysExamined).toBeLessThanOrEqual(LIMIT + 2);
      }
    },
  );

  it("of the counts reads an index and no row", async () => {
    expect(await store.orders.counts("")).toMatchObject({ total: ROWS });
    const plans = await plansOf(({ command }) =>
      JSON.stringify(command.pipeline ?? null).includes('"$count"'),
    );
    expect(plans).toHaveLength(STATUSES.length);
    for (const plan of plans) {
      expect(plan.planSummary).toMatch(/^COUNT_SCAN/);
      expect(plan.docsExamined).toBe(0);
    }
  });
});
