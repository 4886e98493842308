import type { Position } from "@live-orders/protocol/position";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { z } from "zod";
import type { Run } from "./database.ts";
import { cursorPartsOf, nowSchema } from "./feed-state.ts";
import { type OutboxEntry, outboxEntryOf, outboxRowSchema } from "./outbox-row.ts";
import { positionOf, sequenceOf, sequenceSchema } from "./postgres-position.ts";

/** The outbox after a position, as of one instant. */
export interface OutboxPage {
  readonly entries: readonly OutboxEntry[];
  /** The position of now. */
  readonly head: CursorParts;
  /** Every change up to here has been pruned. */
  readonly floor: Position;
  /** There is more after the entries. */
  readonly full: boolean;
  /** The table is there, and its changes are recorded. */
  readonly recorded: boolean;
}

export const PAGE_ROWS = 1_000;

const READ = `SELECT n.generation, n.seq AS now_seq, n.floor,
    n.current AND live_orders.is_recorded(to_regclass('public.orders')) AS current, o.*
  FROM live_orders.now n
  LEFT JOIN LATERAL (
    SELECT * FROM live_orders.changes c WHERE c.seq > $1 ORDER BY c.seq LIMIT ${PAGE_ROWS}
  ) o ON true
  ORDER BY o.seq`;

const headSchema = nowSchema.extend({ floor: sequenceSchema });
const rowSchema = z.union([
  z.object({ ...headSchema.shape, ...outboxRowSchema.shape }),
  z.object({ ...headSchema.shape, seq: z.null() }),
]);

/** Null if the feed has never been set up, or `after` is no position of this store. */
export async function readOutbox(run: Run, after: Position): Promise<OutboxPage | null> {
  const sequence = sequenceOf(after);
  if (sequence === null) return null;
  const rows = await run(READ, [sequence], rowSchema);
  const [head] = rows;
  if (!head) return null;
  return {
    entries: rows.flatMap((row) => (row.seq === null ? [] : [outboxEntryOf(row)])),
    head: cursorPartsOf(head),
    floor: positionOf(head.floor),
    full: rows.length === PAGE_ROWS,
    recorded: head.current,
  };
}
