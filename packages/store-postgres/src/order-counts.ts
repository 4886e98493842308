import type { Counts } from "@live-orders/protocol/http-orders";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { z } from "zod";
import type { Database } from "./database.ts";
import { type Mend, NOW_COLUMNS, nowSchema, readAsOfNow } from "./feed-state.ts";
import { searchCondition } from "./order-search.ts";
import { positionOf, sequenceSchema } from "./postgres-position.ts";
import { type Statement, StatementValues } from "./statement-values.ts";
import { WELL_FORMED } from "./well-formed.ts";

type ByStatus = Readonly<Record<Status, number>>;

const rowSchema = nowSchema.extend({
  /** No row can break the table: every one of them counts. */
  checked: z.boolean(),
  pending: z.int(),
  shipped: z.int(),
  delivered: z.int(),
});
type CountsRow = z.infer<typeof rowSchema>;

const sinceSchema = rowSchema.extend({ floor: sequenceSchema, changes: z.int() });

/** All orders, counted as of a place in the outbox. */
interface Known {
  readonly generation: string;
  readonly seq: string;
  readonly counts: ByStatus;
  /** When the rows themselves were counted, by the clock of `OrderCounts`. */
  readonly countedAtMs: number;
}

/** Beyond so many changes the rows are counted anew. */
const MOST_CHANGES = 10_000;
/** So are they after this time: a change that the outbox does not tell of is not missed for ever. */
const RECOUNT_MS = 60_000;

/**
 * How many orders stand in each status. Of all orders that is what was last counted, and what the outbox says has
 * changed since: it holds each change with the status before and after it, in the order of commits, so that one
 * statement tells the counts of its instant without reading the table.
 */
export class OrderCounts {
  readonly #database: Database;
  readonly #mend: Mend;
  readonly #nowMs: () => number;
  #known: Known | null = null;

  /** @param nowMs never goes back */
  constructor(database: Database, mend: Mend, nowMs: () => number = () => performance.now()) {
    this.#database = database;
    this.#mend = mend;
    this.#nowMs = nowMs;
  }

  /** Of those that `q` finds; as of one instant. */
  async read(q: string): Promise<Counts> {
    const known = this.#known;
    const isFresh = known !== null && this.#nowMs() < known.countedAtMs + RECOUNT_MS;
    const moved = q === "" && isFresh ? await this.#move(known) : null;
    return moved ?? this.#count(q);
  }

  /** Null if the outbox does not lead from there to now. */
  async #move(known: Known): Promise<Counts | null> {
    const [row] = await readAsOfNow(this.#database, this.#mend, changedSince(known.seq), sinceSchema);
    if (!row.checked || !leadsFrom(known, row)) return null;
    const counts = byStatus((status) => known.counts[status] + row[status]);
    // The outbox tells of an order that leaves a status where none was: it was not told of all that came before.
    if (STATUSES.some((status) => counts[status] < 0)) return null;
    this.#known = { ...known, seq: row.now_seq, counts };
    return countsAt(row, counts);
  }

  async #count(q: string): Promise<Counts> {
    const countedAtMs = this.#nowMs();
    const [row] = await readAsOfNow(this.#database, this.#mend, counted(q), rowSchema);
    const counts = byStatus((status) => row[status]);
    if (q === "" && row.checked) {
      this.#known = { generation: row.generation, seq: row.now_seq, counts, countedAtMs };
    }
    return countsAt(row, counts);
  }
}

function leadsFrom(known: Known, row: z.infer<typeof sinceSchema>): boolean {
  const from = BigInt(known.seq);
  const isWhole = BigInt(row.floor) <= from && from <= BigInt(row.now_seq);
  return row.generation === known.generation && isWhole && row.changes <= MOST_CHANGES;
}

const byStatus = (count: (status: Status) => number): ByStatus => ({
  pending: count("pending"),
  shipped: count("shipped"),
  delivered: count("delivered"),
});

const countsAt = (row: CountsRow, counts: ByStatus): Counts => ({
  ...counts,
  total: counts.pending + counts.shipped + counts.delivered,
  position: positionOf(row.now_seq),
});

const COLUMNS = `${NOW_COLUMNS}, live_orders.rows_are_checked() AS checked`;

/** A list of columns, one for each status. */
const columns = (count: (status: Status) => string): string =>
  STATUSES.map((status) => `(${count(status)})::integer AS ${status}`).join(", ");

const countOf = (column: string, status: Status): string => `count(*) FILTER (WHERE ${column} = '${status}')`;

function counted(q: string): Statement {
  const values = new StatementValues();
  const condition = q === "" ? "true" : searchCondition(q, values);
  const text = `SELECT ${COLUMNS}, c.* FROM live_orders.now n, LATERAL (
    SELECT ${columns((status) => countOf("status", status))}
    FROM public.orders WHERE ${WELL_FORMED} AND ${condition}) c`;
  return { text, values: values.all };
}

/**
 * By how much the counts have changed since a place, and by how many changes. With an upper bound, for which the planner
 * goes by the index even before it knows anything of the table.
 */
export const changedSince = (seq: string): Statement => ({
  text: `SELECT ${COLUMNS}, n.floor, c.* FROM live_orders.now n, LATERAL (
    SELECT count(*)::integer AS changes,
      ${columns((status) => `${countOf("after_status", status)} - ${countOf("before_status", status)}`)}
    FROM (SELECT before_status, after_status FROM live_orders.outbox
      WHERE seq > $1 AND seq <= (SELECT last_value FROM live_orders.change_seq) ORDER BY seq LIMIT $2) o) c`,
  values: [seq, MOST_CHANGES + 1],
});
