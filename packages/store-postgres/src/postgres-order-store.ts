import { type OrderStore, StoreUnavailableError } from "@live-orders/store/order-store";
import { z } from "zod";
import { ANSWER_LIMIT_MS } from "./connection-settings.ts";
import type { Database } from "./database.ts";
import { type Mend, readNow } from "./feed-state.ts";
import { OrderCounts } from "./order-counts.ts";
import { exportOrders } from "./order-export.ts";
import { readPage } from "./order-pages.ts";
import { OrderWriter } from "./order-writes.ts";
import { readOrder } from "./row-reading.ts";
import { unavailable } from "./server-error.ts";

export interface PostgresOrdersParts {
  readonly reads: Database;
  /** A pool of its own: writers that wait for one another leave readers alone. */
  readonly writes: Database;
  readonly mend: Mend;
}

const HEARTBEAT = "SELECT live_orders.beat()";

export function postgresOrders({ reads, writes, mend }: PostgresOrdersParts): OrderStore {
  const writer = new OrderWriter(writes, mend);
  const counts = new OrderCounts(reads, mend);
  return {
    page: (query) => inTime(readPage(reads, mend, query)),
    export: (query, take) => exportOrders(reads, mend, query, take),
    counts: (q) => inTime(counts.read(q)),
    get: (id) => inTime(readOrder(reads, mend, id)),
    write: (request) => inTime(writer.write(request)),
    now: () => inTime(readNow(reads, mend)),
    checkWritable: async () => {
      await inTime(writes.read(HEARTBEAT, [], z.unknown()));
    },
  };
}

/** Several steps, each of them bounded, may together take longer than the seam allows. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new StoreUnavailableError("PostgreSQL did not answer in time"));
    timer = setTimeout(fail, ANSWER_LIMIT_MS + 200);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    clearTimeout(timer);
  }
}
