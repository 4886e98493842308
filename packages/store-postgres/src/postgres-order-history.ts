import type { HistoryPage, OrderHistory, OrderHistoryAnswer } from "@live-orders/store/order-history";
import { z } from "zod";
import type { Database } from "./database.ts";
import { type Mend, NOW_COLUMNS, nowSchema, readAsOfNow } from "./feed-state.ts";
import { millisecondsOf, timestampOf } from "./order-image.ts";
import { outboxEntryOf, outboxRowSchema } from "./outbox-row.ts";
import { positionOf, sequenceOf } from "./postgres-position.ts";

const keptShape = { ...nowSchema.shape, since_ms: z.number() };
const rowSchema = z.union([
  z.object({ ...keptShape, ...outboxRowSchema.shape }),
  z.object({ ...keptShape, seq: z.null() }),
]);

const READ = `SELECT ${NOW_COLUMNS}, ${millisecondsOf("k.since")} AS since_ms, o.*
  FROM live_orders.now n CROSS JOIN live_orders.kept k
  LEFT JOIN LATERAL (
    SELECT * FROM live_orders.changes o
    WHERE o.order_id = $1 AND o.seq > k.floor AND ($2::bigint IS NULL OR o.seq < $2::bigint)
    ORDER BY o.seq DESC LIMIT $3
  ) o ON true
  ORDER BY o.seq DESC`;

const NONE: OrderHistoryAnswer = { changes: [], next: null, kept: null };

/**
 * The outbox by order. Changes that break the contract's table are left out, and do not stop the paging.
 *
 * @param outbox null: no history is kept
 */
export function postgresOrderHistory(outbox: Database | null, mend: Mend): OrderHistory {
  return { of: (id, page) => readHistory(outbox, mend, id, page) };
}

async function readHistory(
  database: Database | null,
  mend: Mend,
  id: number,
  { limit, before }: HistoryPage,
): Promise<OrderHistoryAnswer | null> {
  const end = before === null ? null : sequenceOf(before);
  if (before !== null && end === null) return null;
  if (database === null) return NONE;
  const answer = await readAsOfNow(database, mend, { text: READ, values: [id, end, limit + 1] }, rowSchema);
  const [now] = answer;
  const entries = answer.flatMap((row) => (row.seq === null ? [] : [outboxEntryOf(row)]));
  const page = entries.slice(0, limit);
  const changes = page.flatMap((entry) => (entry.kind === "change" ? [entry.change] : []));
  const since = timestampOf(now.since_ms) ?? "";
  const kept = { since, position: positionOf(now.now_seq) };
  return { changes, next: entries.length > limit ? (page.at(-1)?.position ?? null) : null, kept };
}
