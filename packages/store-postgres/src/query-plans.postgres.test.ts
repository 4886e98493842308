import { SORT_FIELDS, type Sort } from "@live-orders/protocol/order-query";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { connect, openStore } from "../test/postgres-stores.ts";
import { changedSince } from "./order-counts.ts";
import { pageStatement } from "./page-scan.ts";
import { sequenceOf } from "./postgres-position.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";
import type { Statement } from "./statement-values.ts";

const postgres = usePostgres();
const ROWS = 5000;
const LIMIT = 20;
const SORTS: readonly Sort[] = SORT_FIELDS.flatMap((field) => [
  { field, descending: false },
  { field, descending: true },
]);
const FILTERS: readonly (readonly Status[])[] = [STATUSES, ["pending"], ["pending", "delivered"]];

let store: OpenPostgresStore;
let psql: Client;
beforeEach(async () => {
  store = await openStore({ url: postgres.url });
  psql = await connect(postgres.url);
  // Few names, each borne by hundreds: a page begins in the midst of one value.
  await psql.query(
    `INSERT INTO orders (id, customer_name, product_name, status, updated_at)
      SELECT id, 'Customer ' || id % 5, 'Product ' || id % 3, (ARRAY['pending', 'shipped', 'delivered'])[id % 3 + 1],
        timestamptz '2024-01-01T00:00:00Z' + id % 7 * interval '1 second'
      FROM generate_series(1, $1::integer) id`,
    [ROWS],
  );
  await psql.query("ANALYZE orders");
});
afterEach(async () => {
  await psql.end();
  await store.close();
});

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Actual Rows": number;
  readonly "Rows Removed by Filter": number;
  readonly Plans: readonly PlanNode[];
}

const nodeSchema: z.ZodType<PlanNode> = z.object({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  "Actual Rows": z.number(),
  "Rows Removed by Filter": z.number().default(0),
  Plans: z.lazy(() => z.array(nodeSchema)).default([]),
});
const answerSchema = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: nodeSchema })]) })]);

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...node.Plans.flatMap(nodesOf)];

async function explain({ text, values }: Statement): Promise<PlanNode[]> {
  const explained = await psql.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [...values]);
  const [answer] = answerSchema.parse(explained.rows);
  return nodesOf(answer["QUERY PLAN"][0].Plan);
}

/** The steps that read `orders`, as they were carried out, for the page that follows the first 500. */
async function readsOfDeepPage(sort: Sort, statuses: readonly Status[]): Promise<PlanNode[]> {
  const query = { statuses, q: "", sort, after: null };
  const top = await store.orders.page({ ...query, limit: 500 });
  const last = top.kind === "page" ? top.orders.at(-1) : undefined;
  if (last === undefined) throw new Error("There is no first page");
  const place = { value: sort.field === "id" ? null : last[sort.field], id: last.id };
  const nodes = await explain(pageStatement({ ...query, limit: LIMIT }, place, LIMIT));
  return nodes.filter((node) => node["Relation Name"] === "orders");
}

describe("the database's plan", () => {
  it.each(SORTS)(
    "of a page sorted by $field, descending: $descending, reads by an index, and each status no further than the page",
    async (sort) => {
      for (const statuses of FILTERS) {
        const reads = await readsOfDeepPage(sort, statuses);
        expect(reads.length).toBeGreaterThan(0);
        for (const read of reads) {
          expect(read["Node Type"]).toMatch(/^Index/);
          expect(read["Actual Rows"]).toBeLessThanOrEqual(LIMIT);
          expect(read["Rows Removed by Filter"]).toBe(0);
        }
      }
    },
  );

  it("of counts that follow others reads the changes since then by their index, and no order", async () => {
    const { position } = await store.orders.counts("");
    await psql.query("UPDATE orders SET customer_name = 'x' WHERE id <= 7");
    const nodes = await explain(changedSince(sequenceOf(position) ?? ""));
    expect(nodes.filter((node) => node["Relation Name"] === "orders")).toEqual([]);
    const reads = nodes.filter((node) => node["Relation Name"] === "outbox" && node["Actual Rows"] > 1);
    expect(reads).toMatchObject([{ "Actual Rows": 7, "Rows Removed by Filter": 0 }]);
    expect(reads[0]?.["Node Type"]).toMatch(/^(Index|Bitmap Heap) /);
  });
});
