import type { Order } from "@live-orders/protocol/order";
import { compareOrders } from "@live-orders/protocol/order-query";
import { EXPORT_BATCH, EXPORT_LIMIT_MS, type ExportQuery } from "@live-orders/store/order-store";
import type { ClientSession, FindCursor } from "mongodb";
import { answerInTime, Deadline } from "./deadline.ts";
import { COLUMNS, orderOrNull } from "./order-image.ts";
import { ORDERS } from "./order-model.ts";
import type { OrdersHome } from "./orders-home.ts";
import { pageScans, type PageScan } from "./page-scan.ts";

/**
 * Every row of the query, all read at one instant: the scans of a page without its limit, read side by side and merged.
 * What is held is a batch of each scan; a search is sorted by the server, which has read the rows once.
 */
export async function exportOrders(
  home: OrdersHome,
  query: ExportQuery,
  take: (orders: readonly Order[]) => Promise<void>,
): Promise<void> {
  const whole = new Deadline(EXPORT_LIMIT_MS);
  const session = await answerInTime((deadline) => home.openSnapshot(deadline));
  const scans = pageScans(query, null).map((scan) => new ExportScan(home, scan, session));
  const compare = compareOrders(query.sort);
  try {
    for (;;) {
      whole.check();
      const batch = await answerInTime(() => nextBatch(scans, compare));
      if (batch.length > 0) await take(batch);
      if (batch.length < EXPORT_BATCH) return;
    }
  } finally {
    await Promise.allSettled(scans.map((scan) => scan.close()));
    await session.endSession();
  }
}

async function nextBatch(
  scans: readonly ExportScan[],
  compare: (a: Order, b: Order) => number,
): Promise<Order[]> {
  const batch: Order[] = [];
  while (batch.length < EXPORT_BATCH) {
    let next: { scan: ExportScan; order: Order } | null = null;
    // One after the other: a session is not for statements at the same time.
    for (const scan of scans) {
      const order = await scan.peek();
      if (order !== null && (next === null || compare(order, next.order) < 0)) next = { scan, order };
    }
    if (next === null) break;
    next.scan.drop();
    batch.push(next.order);
  }
  return batch;
}

/** One scan's rows, those that break the table left out. */
class ExportScan {
  readonly #cursor: FindCursor;
  #rows: unknown[] = [];
  #next = 0;
  #head: Order | null = null;

  constructor(home: OrdersHome, { filter, ...scan }: PageScan, session: ClientSession) {
    const options = { ...scan, projection: COLUMNS, session, batchSize: EXPORT_BATCH };
    this.#cursor = home.db.collection(ORDERS).find(filter, options);
  }

  /** The next row, or null when there is none. */
  async peek(): Promise<Order | null> {
    while (this.#head === null) {
      if (this.#next === this.#rows.length) {
        const document: unknown = await this.#cursor.next();
        if (document === null) return null;
        const buffered: readonly unknown[] = this.#cursor.readBufferedDocuments();
        this.#rows = [document, ...buffered];
        this.#next = 0;
      }
      this.#head = orderOrNull(this.#rows[this.#next]);
      this.#next += 1;
    }
    return this.#head;
  }

  drop(): void {
    this.#head = null;
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }
}
