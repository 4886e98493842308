import type { ChangeHistory } from "@live-orders/store/change-history";
import type { ChangeSource } from "@live-orders/store/change-source";
import type { OrderActivity } from "@live-orders/store/order-activity";
import type { OrderHistory } from "@live-orders/store/order-history";
import type { OrderStore } from "@live-orders/store/order-store";
import { isPostgresUrl } from "./connection-settings.ts";
import { Database } from "./database.ts";
import type { Mend } from "./feed-state.ts";
import { OutboxHistory } from "./outbox-history.ts";
import { OutboxPruner } from "./outbox-pruner.ts";
import { PostgresChangeSource } from "./postgres-change-source.ts";
import { RefusedError } from "./server-error.ts";
import { postgresOrderActivity } from "./postgres-order-activity.ts";
import { postgresOrderHistory } from "./postgres-order-history.ts";
import { postgresOrders } from "./postgres-order-store.ts";
import { setUpSchema, setUpSchemaInTime } from "./schema-setup.ts";
import type { StoreLogger } from "./store-logger.ts";
import { WakeUp } from "@live-orders/store/wake-up";

export interface PostgresStoreOptions {
  /** `postgres://…`; without a database it means `live_orders`. Not through a pooler: `LISTEN` needs the server itself. */
  readonly url: string;
  readonly logger: StoreLogger;
  /** How long changes are kept; 0 keeps ten minutes of them, for catching up alone. Default 30. */
  readonly historyDays?: number;
  /** Connections for reads, and as many again for writes. Default 8. */
  readonly poolSize?: number;
}

export interface OpenPostgresStore {
  readonly kind: "open";
  readonly orders: OrderStore;
  readonly source: ChangeSource;
  readonly history: ChangeHistory;
  readonly orderHistory: OrderHistory;
  readonly orderActivity: OrderActivity;
  /** How many changes the source has left out, because their images break the contract's table. */
  leftOut(): number;
  /** The source ends by its own signal. May be called more than once. */
  close(): Promise<void>;
}

export type PostgresStoreOutcome = OpenPostgresStore | { readonly kind: "refused"; readonly reason: string };

/** Sets up the schema and opens the store. `reason`: one line for a person, at the latest after 9 s. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStoreOutcome> {
  const { url, logger } = options;
  if (!isPostgresUrl(url)) return { kind: "refused", reason: "DATABASE_URL is not a postgres:// URL" };
  const outcome = await setUpSchemaInTime(url, logger);
  return outcome.kind === "ready" ? open(options) : outcome;
}

function open({ url, logger, historyDays = 30, poolSize = 8 }: PostgresStoreOptions): OpenPostgresStore {
  const [reads, writes] = [new Database(url, logger, poolSize), new Database(url, logger, poolSize)];
  const mend = oneAtATime(async () => {
    logger.warn({}, "the table orders is not recorded; setting it up again");
    const outcome = await setUpSchema(url, logger);
    if (outcome.kind === "refused") throw new RefusedError(outcome.reason);
  });
  const wakeUp = new WakeUp();
  let leftOut = 0;
  const onLeftOut = (ids: readonly (number | null)[]) => {
    leftOut += ids.length;
    logger.warn(
      { ids: ids.slice(0, 20), count: ids.length },
      "left out changes whose images break the table",
    );
  };
  const closing = new AbortController();
  let closed: Promise<unknown> | null = null;
  const told = historyDays === 0 ? null : reads;
  const pruning = new OutboxPruner(writes, logger, historyDays).run(closing.signal);
  return {
    kind: "open",
    orders: postgresOrders({ reads, writes, mend }),
    source: new PostgresChangeSource({ url, mend, wakeUp, onLeftOut }),
    history: new OutboxHistory(reads, wakeUp),
    orderHistory: postgresOrderHistory(told, mend),
    orderActivity: postgresOrderActivity(told, mend),
    leftOut: () => leftOut,
    close: async () => {
      closing.abort();
      closed ??= pruning.then(() => Promise.all([reads.close(), writes.close()]));
      await closed;
    },
  };
}

/** Those who ask for it while it is under way wait for the same one. */
function oneAtATime(work: () => Promise<void>): Mend {
  let underWay: Promise<void> | null = null;
  return () => {
    underWay ??= work().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
