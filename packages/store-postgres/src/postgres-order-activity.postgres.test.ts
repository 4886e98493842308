import type { Order } from "@live-orders/protocol/order";
import { type PastChange, pastChanges } from "@live-orders/testkit/activity-samples";
import { describeActivityContract } from "@live-orders/testkit/activity-contract-suite";
import { seededRandom } from "@live-orders/testkit/seeded-random";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import { expect, it } from "vitest";
import { z } from "zod";
import { connect, openStore } from "../test/postgres-stores.ts";
import { ARRIVALS, SUMS } from "./postgres-order-activity.ts";
import { positionOf } from "./postgres-position.ts";

const postgres = usePostgres();

const columnsOf = (side: "before" | "after", image: Order | null) => ({
  [`${side}_customer_name`]: image?.customer_name ?? null,
  [`${side}_product_name`]: image?.product_name ?? null,
  [`${side}_status`]: image?.status ?? null,
  [`${side}_updated_at`]: image?.updated_at ?? null,
});
const rowOf = ({ op, at, id, before, after }: PastChange) => ({
  op,
  at,
  order_id: id,
  ...columnsOf("before", before),
  ...columnsOf("after", after),
});
const RECORD = `INSERT INTO live_orders.outbox
  SELECT (r).* FROM (
    SELECT json_populate_record(NULL::live_orders.outbox,
      (entry || jsonb_build_object('seq', nextval('live_orders.change_seq')))::json) AS r
    FROM jsonb_array_elements($1) WITH ORDINALITY AS list (entry, place) ORDER BY place
  ) rows RETURNING seq`;

async function seeded(past: readonly PastChange[], beginsMs: number) {
  const { url } = postgres;
  const store = await openStore({ url, historyDays: 36_500 });
  const client = await connect(url);
  await client.query("UPDATE live_orders.outbox SET at = $1", [new Date(beginsMs)]);
  const { rows } = await client.query<{ seq: string }>(RECORD, [JSON.stringify(past.map(rowOf))]);
  await client.end();
  const changes = past.map((change, index) => ({ ...change, position: positionOf(rows[index]?.seq ?? "") }));
  return { activity: store.orderActivity, changes, dispose: () => store.close() };
}

describeActivityContract({ name: "PostgreSQL", seeded });

it("reads the rows of the range by their place, and one row for each arrival", async () => {
  const endMs = Date.UTC(2026, 0, 2, 12);
  const past = { count: 20_000, fromMs: endMs - 40 * 3_600_000, toMs: endMs, orders: 500 };
  const { changes, dispose } = await seeded(pastChanges(seededRandom(7), past), past.fromMs);
  const fromMs = endMs - 3_600_000;
  const inRange = changes.filter(({ at }) => Date.parse(at) >= fromMs).length;
  const client = await connect(postgres.url);
  await client.query("ANALYZE live_orders.outbox");
  for (const [text, values] of [
    [SUMS, [fromMs, 100_000, 60_000]],
    [ARRIVALS, [fromMs, 100_000, 5001]],
  ] as const) {
    const { rows } = await client.query<{ "QUERY PLAN": unknown }>(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
      [...values],
    );
    const scans = scansOf(rows[0]?.["QUERY PLAN"]);
    expect(scans.map(({ index }) => index)).not.toContain(null);
    const read = scans.map(({ rows: returned, removed, loops }) => (returned + removed) * loops);
    expect(Math.max(...read)).toBeLessThanOrEqual(inRange + 1);
    const turns = scans.filter(({ index }) => index === "outbox_turns");
    expect(turns).toHaveLength(text === ARRIVALS ? 1 : 0);
    for (const { rows: returned, removed } of turns) expect(returned + removed).toBeLessThanOrEqual(1);
  }
  await client.end();
  await dispose();
});

it("is not told with HISTORY_DAYS=0", async () => {
  const store = await openStore({ url: postgres.url, historyDays: 0 });
  const range = { fromMs: Date.now() - 3_600_000, stepMs: 60_000, most: 100 };
  expect(await store.orderActivity.changes(range, 5)).toBeNull();
  expect(await store.orderActivity.arrivals(range, 5)).toBeNull();
  expect(await store.orderActivity.placeBefore(range.fromMs)).toBeNull();
  await store.close();
});

interface Scan {
  /** Null: the whole table was read. */
  readonly index: string | null;
  readonly rows: number;
  readonly removed: number;
  readonly loops: number;
}

const planSchema = z.looseObject({
  "Relation Name": z.string().optional(),
  "Index Name": z.string().optional(),
  "Actual Rows": z.number().optional(),
  "Actual Loops": z.number().optional(),
  "Rows Removed by Filter": z.number().optional(),
  Plans: z.array(z.unknown()).optional(),
});

/** How the outbox is read, anywhere in the plan. */
function scansOf(explained: unknown): Scan[] {
  const [{ Plan }] = z.tuple([z.object({ Plan: z.unknown() })]).parse(explained);
  return scansIn(Plan);
}

function scansIn(node: unknown): Scan[] {
  const plan = planSchema.parse(node);
  const below = (plan.Plans ?? []).flatMap(scansIn);
  if (plan["Relation Name"] !== "outbox") return below;
  const own = {
    index: plan["Index Name"] ?? null,
    rows: plan["Actual Rows"] ?? 0,
    removed: plan["Rows Removed by Filter"] ?? 0,
    loops: plan["Actual Loops"] ?? 1,
  };
  return [own, ...below];
}
