import type { Change } from "@live-orders/protocol/change";
import {
  type ActivityRange,
  type ActivityReading,
  type Arrival,
  type ArrivalsReading,
  type OrderActivity,
  type Reach,
  reachOf,
} from "@live-orders/store/order-activity";
import { z } from "zod";
import type { Database } from "./database.ts";
import { cursorPartsOf, type Mend, NOW_COLUMNS, nowSchema, readAsOfNow } from "./feed-state.ts";
import { millisecondsOf } from "./order-image.ts";
import { outboxEntryOf, outboxRowSchema } from "./outbox-row.ts";
import { positionOf, sequenceSchema } from "./postgres-position.ts";

const nothing = (): Promise<null> => Promise.resolve(null);
const NO_ACTIVITY: OrderActivity = { changes: nothing, arrivals: nothing, placeBefore: nothing };

/**
 * The outbox, summed: what it tells of all orders.
 *
 * @param outbox null: no history is kept
 */
export function postgresOrderActivity(outbox: Database | null, mend: Mend): OrderActivity {
  return outbox === null ? NO_ACTIVITY : activityOf(outbox, mend);
}

function activityOf(database: Database, mend: Mend): OrderActivity {
  return {
    changes: async (range, newest) => {
      const sums = await readSums(database, mend, range);
      return { ...sums.reading, newest: await readNewest(database, sums.rows, newest) };
    },
    arrivals: (range, most) => readArrivals(database, mend, range, most),
    placeBefore: (ms) => readPlace(database, mend, ms),
  };
}

const instant = (parameter: string): string => `to_timestamp(${parameter}::double precision / 1000)`;

/**
 * Where the range's rows begin: above `low`, which is the newest row that is not looked at if there are more than `most`.
 * Parameters: the range's beginning in ms, and `most`.
 */
const ROWS = `bounds AS MATERIALIZED (
    SELECT ${NOW_COLUMNS}, k.floor, ${millisecondsOf("k.since")} AS since_ms,
      live_orders.place_before(${instant("$1")}, k.floor) AS begins
    FROM live_orders.now n CROSS JOIN live_orders.kept k
  ), range AS MATERIALIZED (
    SELECT n.generation, n.now_seq, n.current, n.floor, n.since_ms,
      coalesce(edge.seq, n.begins) AS low, ${millisecondsOf("edge.at")} AS limit_ms
    FROM bounds n LEFT JOIN LATERAL (
      SELECT o.seq, o.at FROM live_orders.outbox o WHERE o.seq > n.begins ORDER BY o.seq DESC OFFSET $2 LIMIT 1
    ) edge ON true
  )`;
const RANGE_COLUMNS = "r.generation, r.now_seq, r.current, r.floor, r.since_ms, r.limit_ms";

const rangeSchema = nowSchema.extend({
  floor: sequenceSchema,
  since_ms: z.number(),
  limit_ms: z.number().nullable(),
});
type RangeRow = z.infer<typeof rangeSchema>;

const reachIn = (range: ActivityRange, row: RangeRow, limitMs: number | null) => ({
  ...reachOf(range, { historyMs: row.since_ms, limitMs: limitMs ?? row.limit_ms }),
  at: cursorPartsOf(row),
});

const image = (side: string): string =>
  `live_orders.image_status(o.order_id, o.${side}_customer_name, o.${side}_product_name, o.${side}_status, o.${side}_updated_at)`;
const growth = (status: string): string =>
  `(count(*) FILTER (WHERE after = '${status}') - count(*) FILTER (WHERE before = '${status}'))::integer AS ${status}`;

export const SUMS = `WITH ${ROWS}
  SELECT ${RANGE_COLUMNS}, s.*
  FROM range r LEFT JOIN LATERAL (
    SELECT floor(at_ms / $3) * $3 AS start_ms, count(*)::integer AS changes,
      (count(*) FILTER (WHERE op = 'insert'))::integer AS created,
      ${growth("pending")}, ${growth("shipped")}, ${growth("delivered")}
    FROM (
      SELECT o.op, ${millisecondsOf("o.at")} AS at_ms, ${image("before")} AS before, ${image("after")} AS after
      FROM live_orders.outbox o WHERE o.seq > r.low AND o.at >= ${instant("$1")}
    ) seen
    WHERE before IS NOT NULL OR after IS NOT NULL
    GROUP BY start_ms
  ) s ON true
  ORDER BY s.start_ms`;

const count = z.int();
const sumsSchema = z.union([
  rangeSchema.extend({
    start_ms: z.number(),
    changes: count,
    created: count,
    pending: count,
    shipped: count,
    delivered: count,
  }),
  rangeSchema.extend({ start_ms: z.null() }),
]);

async function readSums(
  database: Database,
  mend: Mend,
  range: ActivityRange,
): Promise<{ readonly reading: Omit<ActivityReading, "newest">; readonly rows: RangeRow }> {
  const { fromMs, stepMs, most } = range;
  const statement = { text: SUMS, values: [fromMs, most, stepMs] };
  const rows = await readAsOfNow(database, mend, statement, sumsSchema);
  const steps = rows.flatMap((row) => {
    if (row.start_ms === null) return [];
    const { start_ms: startMs, changes, created, pending, shipped, delivered } = row;
    return [{ startMs, changes, created, net: { pending, shipped, delivered } }];
  });
  return { reading: { steps, ...reachIn(range, rows[0], null) }, rows: rows[0] };
}

const NEWEST = `SELECT * FROM live_orders.changes c WHERE c.seq > $1 AND c.seq <= $2 ORDER BY c.seq DESC LIMIT $3`;

async function readNewest(database: Database, { floor, now_seq }: RangeRow, most: number): Promise<Change[]> {
  const rows = await database.read(NEWEST, [floor, now_seq, most], outboxRowSchema);
  return rows.map(outboxEntryOf).flatMap((entry) => (entry.kind === "change" ? [entry.change] : []));
}

/** As the index `outbox_turns` has it. */
const IS_TURN = `(e.op <> 'update' OR e.before_status IS NULL OR e.after_status IS NULL
  OR (e.before_status <> 'pending' AND e.after_status = 'pending'))`;

export const ARRIVALS = `WITH ${ROWS}
  SELECT ${RANGE_COLUMNS}, a.after_status AS to_status, ${millisecondsOf("a.at")} AS arrived_ms,
    CASE WHEN turn.after_status = 'pending' AND (turn.op = 'insert' OR turn.before_status IN ('shipped', 'delivered'))
      THEN ${millisecondsOf("turn.at")} END AS pending_ms
  FROM range r LEFT JOIN LATERAL (
    SELECT o.seq, o.order_id, o.at, o.after_status FROM live_orders.outbox o
    WHERE o.seq > r.low AND o.at >= ${instant("$1")} AND o.op = 'update'
      AND (o.before_status = 'pending' AND o.after_status = 'shipped'
        OR o.before_status IN ('pending', 'shipped') AND o.after_status = 'delivered')
    ORDER BY o.seq DESC LIMIT $3
  ) a ON true LEFT JOIN LATERAL (
    SELECT e.op, e.at, e.before_status, e.after_status FROM live_orders.outbox e
    WHERE e.order_id = a.order_id AND e.seq > r.floor AND e.seq < a.seq AND ${IS_TURN}
    ORDER BY e.seq DESC LIMIT 1
  ) turn ON true
  ORDER BY a.seq DESC`;

const arrivalsSchema = rangeSchema.extend({
  to_status: z.enum(["shipped", "delivered"]).nullable(),
  arrived_ms: z.number().nullable(),
  pending_ms: z.number().nullable(),
});

async function readArrivals(
  database: Database,
  mend: Mend,
  range: ActivityRange,
  most: number,
): Promise<ArrivalsReading> {
  const statement = { text: ARRIVALS, values: [range.fromMs, range.most, most + 1] };
  const rows = await readAsOfNow(database, mend, statement, arrivalsSchema);
  const arrivals = rows.slice(0, most).flatMap(({ to_status, arrived_ms, pending_ms }): Arrival[] => {
    if (to_status === null || arrived_ms === null || pending_ms === null) return [];
    return [{ to: to_status, ms: Math.max(0, arrived_ms - pending_ms) }];
  });
  return { arrivals, ...reachIn(range, rows[0], rows[most]?.arrived_ms ?? null) };
}

const PLACE = `SELECT ${NOW_COLUMNS}, ${millisecondsOf("k.since")} AS since_ms,
    live_orders.place_before(${instant("$1")}, k.floor) AS begins
  FROM live_orders.now n CROSS JOIN live_orders.kept k`;
const placeSchema = nowSchema.extend({ since_ms: z.number(), begins: sequenceSchema });

async function readPlace(database: Database, mend: Mend, ms: number): Promise<Reach> {
  const [row] = await readAsOfNow(database, mend, { text: PLACE, values: [ms] }, placeSchema);
  const reach = reachOf({ fromMs: ms }, { historyMs: row.since_ms, limitMs: null });
  return { ...reach, at: { ...cursorPartsOf(row), position: positionOf(row.begins) } };
}
