import type { ChangeArchive } from "@live-orders/store/change-archive";
import type { ChangeHistory } from "@live-orders/store/change-history";
import type { ChangeSource } from "@live-orders/store/change-source";
import type { OrderActivity } from "@live-orders/store/order-activity";
import type { MessageStore } from "@live-orders/store/message-store";
import type { OrderHistory } from "@live-orders/store/order-history";
import type { OrderStore } from "@live-orders/store/order-store";
import type { Logger } from "pino";
import { StartupError } from "./startup-error.ts";

/** A database, as the rest of the server knows it. */
export interface OpenStore {
  readonly orders: OrderStore;
  readonly source: ChangeSource;
  /** The rungs of the catch-up ladder below RAM, from the first to be tried on. */
  readonly histories: readonly ChangeHistory[];
  readonly orderHistory: OrderHistory;
  readonly orderActivity: OrderActivity;
  readonly messages: MessageStore;
  /** A durable history that is to be filled from the feed; null if there is none, or the database fills it. */
  readonly archive: ChangeArchive | null;
  /** How far back the database's own log reaches, in seconds; null where it can't tell. */
  historyWindow(): Promise<number | null>;
  /** Changes left out of the feed since the start, because they break the table. */
  leftOut(): number;
  close(): Promise<void>;
}

interface StoreOptions {
  readonly url: string;
  readonly log: Logger;
  /** How long a durable history is kept, where there is one. */
  readonly historyDays: number;
}

/** @throws StartupError with what is wrong with the database and what to do about it */
export type StoreOpener = (options: StoreOptions) => Promise<OpenStore>;

/** Loads the store for a kind of database, and no other: the one place that knows which there are. */
export function loadStore(kind: "mongodb" | "postgres"): Promise<StoreOpener> {
  return kind === "mongodb" ? loadMongo() : loadPostgres();
}

async function loadMongo(): Promise<StoreOpener> {
  const [{ openMongoStore }, { openMongoMessages }] = await Promise.all([
    import("@live-orders/store-mongo/mongo-store"),
    import("@live-orders/store-mongo/mongo-message-store"),
  ]);
  return async ({ url, log, historyDays }) => {
    const store = await openMongoStore({ uri: url, logger: log, historyDays });
    if (store.kind === "refused") throw new StartupError(store.reason);
    const messages = await openedWith(store, openMongoMessages({ uri: url, logger: log }));
    return {
      orders: store.orders,
      source: store.source,
      histories: store.ladder,
      orderHistory: store.orderHistory,
      orderActivity: store.orderActivity,
      archive: store.archive,
      historyWindow: () => store.oplogWindowSeconds(),
      leftOut: () => store.leftOut(),
      messages,
      close: () => closeAll(messages, store),
    };
  };
}

async function loadPostgres(): Promise<StoreOpener> {
  const [{ openPostgresStore }, { openPostgresMessages }] = await Promise.all([
    import("@live-orders/store-postgres/postgres-store"),
    import("@live-orders/store-postgres/postgres-message-store"),
  ]);
  return async ({ url, log, historyDays }) => {
    const store = await openPostgresStore({ url, logger: log, historyDays });
    if (store.kind === "refused") throw new StartupError(store.reason);
    const messages = await openedWith(store, openPostgresMessages({ url, logger: log }));
    return {
      orders: store.orders,
      source: store.source,
      histories: [store.history],
      orderHistory: store.orderHistory,
      orderActivity: store.orderActivity,
      archive: null,
      historyWindow: () => Promise.resolve(null),
      leftOut: () => store.leftOut(),
      messages,
      close: () => closeAll(messages, store),
    };
  };
}

interface Closing {
  close(): Promise<void>;
}

type MessagesOutcome =
  | { readonly kind: "open"; readonly messages: MessageStore }
  | { readonly kind: "refused"; readonly reason: string };

/** @throws StartupError, with the store closed */
async function openedWith(store: Closing, opening: Promise<MessagesOutcome>): Promise<MessageStore> {
  const outcome = await opening;
  if (outcome.kind === "open") return outcome.messages;
  await store.close();
  throw new StartupError(outcome.reason);
}

async function closeAll(...parts: readonly Closing[]): Promise<void> {
  await Promise.all(parts.map((part) => part.close()));
}
