import type { Counts } from "@live-orders/protocol/http-orders";
import { z } from "zod";
import type { Database } from "./database.ts";
import { type Mend, NOW_COLUMNS, nowSchema, readAsOfNow } from "./feed-state.ts";
import { searchCondition } from "./order-search.ts";
import { positionOf } from "./postgres-position.ts";
import { type Statement, StatementValues } from "./statement-values.ts";
import { WELL_FORMED } from "./well-formed.ts";

const countsSchema = nowSchema.extend({ pending: z.int(), shipped: z.int(), delivered: z.int() });

/** How many orders stand in each status, of those that `q` finds; as of one instant. */
export async function readCounts(database: Database, mend: Mend, q: string): Promise<Counts> {
  const [row] = await readAsOfNow(database, mend, countsStatement(q), countsSchema);
  const { pending, shipped, delivered } = row;
  const total = pending + shipped + delivered;
  return { pending, shipped, delivered, total, position: positionOf(row.now_seq) };
}

function countsStatement(q: string): Statement {
  const values = new StatementValues();
  const condition = q === "" ? "true" : searchCondition(q, values);
  const text = `SELECT ${NOW_COLUMNS}, c.* FROM live_orders.now n, LATERAL (SELECT
      count(*) FILTER (WHERE status = 'pending')::integer AS pending,
      count(*) FILTER (WHERE status = 'shipped')::integer AS shipped,
      count(*) FILTER (WHERE status = 'delivered')::integer AS delivered
    FROM public.orders WHERE ${WELL_FORMED} AND ${condition}) c`;
  return { text, values: values.all };
}
