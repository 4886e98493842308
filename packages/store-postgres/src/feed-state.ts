import { StoreUnavailableError } from "@live-orders/store/order-store";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { z } from "zod";
import type { Database } from "./database.ts";
import { isMissing } from "./server-error.ts";
import type { Statement } from "./statement-values.ts";
import { positionOf, sequenceSchema } from "./postgres-position.ts";

/** The columns of the view `live_orders.now`, as every statement that answers a position selects them. */
export const NOW_COLUMNS = "n.generation, n.seq AS now_seq, n.current";

export const nowSchema = z.object({
  generation: z.uuid(),
  now_seq: sequenceSchema,
  /** `public.orders` is the table that the generation speaks of. */
  current: z.boolean(),
});
export type NowRow = z.infer<typeof nowSchema>;

export const cursorPartsOf = (row: NowRow): CursorParts => ({
  generation: row.generation,
  position: positionOf(row.now_seq),
});

/** Sets up anew what was dropped or replaced. */
export type Mend = () => Promise<void>;

/**
 * Reads in one statement, and so as of one instant, rows and the position of now. If the table was dropped or replaced
 * it is set up again first.
 *
 * One statement under READ COMMITTED, and not a REPEATABLE READ transaction: its snapshot is taken after its table locks,
 * so that a TRUNCATE, which is not MVCC-safe, is wholly before or wholly after it.
 * https://www.postgresql.org/docs/current/mvcc-caveats.html
 */
export async function readAsOfNow<Row extends NowRow>(
  database: Database,
  mend: Mend,
  { text, values }: Statement,
  row: z.ZodType<Row>,
): Promise<readonly [Row, ...Row[]]> {
  const first = await database.read(text, values, row).catch((error: unknown) => {
    if (error instanceof Error && isMissing(error.cause)) return [];
    throw error;
  });
  if (isCurrent(first)) return first;
  await mend();
  const second = await database.read(text, values, row);
  if (isCurrent(second)) return second;
  throw new StoreUnavailableError("the table orders is being replaced");
}

export function isCurrent<Row extends NowRow>(rows: readonly Row[]): rows is readonly [Row, ...Row[]] {
  return rows[0]?.current === true;
}

const NOW = `SELECT ${NOW_COLUMNS} FROM live_orders.now n`;

export async function readNow(database: Database, mend: Mend): Promise<CursorParts> {
  const [now] = await readAsOfNow(database, mend, { text: NOW, values: [] }, nowSchema);
  return cursorPartsOf(now);
}
