import type { Order } from "@live-orders/protocol/order";
import { EXPORT_BATCH, EXPORT_LIMIT_MS, type ExportQuery } from "@live-orders/store/order-store";
import { z } from "zod";
import type { Database } from "./database.ts";
import { type Mend, readNow } from "./feed-state.ts";
import { orderOf, orderRowSchema } from "./order-image.ts";
import { exportStatement } from "./page-scan.ts";
import { unavailable } from "./server-error.ts";

/** How long the reader of an export may keep a batch: the server ends a transaction that stands still for longer. */
const IDLE = "SET LOCAL idle_in_transaction_session_timeout = '60s'";
const FETCH = `FETCH ${EXPORT_BATCH} FROM export`;

/** Every row of the query, read through one cursor, and so as of one instant. */
export async function exportOrders(
  database: Database,
  mend: Mend,
  query: ExportQuery,
  take: (orders: readonly Order[]) => Promise<void>,
): Promise<void> {
  // Sets up a table that was dropped.
  await readNow(database, mend);
  const { text, values } = exportStatement(query);
  await database.lend(async (run) => {
    const ask = <Row>(statement: string, given: readonly unknown[], row: z.ZodType<Row>) =>
      run(statement, given, row).catch((error: unknown) => {
        throw unavailable(error);
      });
    await ask("BEGIN READ ONLY", [], z.unknown());
    await ask(IDLE, [], z.unknown());
    await ask(`DECLARE export NO SCROLL CURSOR FOR ${text}`, values, z.unknown());
    for (;;) {
      const rows = await ask(FETCH, [], orderRowSchema);
      const orders = rows.map(orderOf).filter((row) => row !== null);
      if (orders.length > 0) await take(orders);
      if (rows.length < EXPORT_BATCH) break;
    }
    await ask("COMMIT", [], z.unknown());
  }, performance.now() + EXPORT_LIMIT_MS);
}
