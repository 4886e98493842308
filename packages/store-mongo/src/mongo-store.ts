import type { ChangeArchive } from "@live-orders/store/change-archive";
import type { ChangeHistory } from "@live-orders/store/change-history";
import type { ChangeSource } from "@live-orders/store/change-source";
import type { OrderActivity } from "@live-orders/store/order-activity";
import type { OrderHistory } from "@live-orders/store/order-history";
import type { OrderStore } from "@live-orders/store/order-store";
import type { MongoClient } from "mongodb";
import type { Connection } from "mongoose";
import { ArchiveHistory } from "./archive-history.ts";
import { ArchiveReader } from "./archive-reader.ts";
import { BrokenRows } from "./broken-rows.ts";
import { CommitWatch } from "./commit-watch.ts";
import { answerInTime } from "./deadline.ts";
import { IdCounter } from "./id-counter.ts";
import { IdempotencyKeys } from "./idempotency-keys.ts";
import { KeptAnswers } from "./kept-answers.ts";
import { LeftOut } from "./left-out.ts";
import { MongoChangeArchive, removeArchive } from "./mongo-change-archive.ts";
import { MongoChangeSource } from "./mongo-change-source.ts";
import { historyClient, openConnection, probeClient, streamClient } from "./mongo-clients.ts";
import { mongoOrderActivity } from "./mongo-order-activity.ts";
import { mongoOrderHistory } from "./mongo-order-history.ts";
import { MongoOrderStore } from "./mongo-order-store.ts";
import { OplogHistory } from "./oplog-history.ts";
import { oplogWindow } from "./oplog-window.ts";
import { orderModelOf } from "./order-model.ts";
import { OrderWriter } from "./order-writes.ts";
import { OrdersHome } from "./orders-home.ts";
import { PrimaryWatch } from "./primary-watch.ts";
import { checkServer, explain } from "./server-check.ts";
import type { StoreLogger } from "./store-logger.ts";

export interface MongoStoreOptions {
  /** `mongodb://…` or `mongodb+srv://…` */
  readonly uri: string;
  /** Default `live_orders`. */
  readonly database?: string;
  readonly logger: StoreLogger;
  /** How long the durable history keeps changes. Default 0: there is none, and what an earlier setting kept goes. */
  readonly historyDays?: number;
  /** Default 10,000. */
  readonly archiveLeaseMs?: number;
}

export interface MongoStore {
  readonly kind: "open";
  readonly orders: OrderStore;
  readonly source: ChangeSource;
  /** The rung `database`: the oplog. */
  readonly history: ChangeHistory;
  /** The rungs below the log in RAM: the durable history, if it is kept, then the oplog. */
  readonly ladder: readonly ChangeHistory[];
  readonly orderHistory: OrderHistory;
  readonly orderActivity: OrderActivity;
  /** What somebody must fill from the feed; null if no durable history is kept. */
  readonly archive: ChangeArchive | null;
  /** How far the oplog reaches back, in seconds. Needs the right to read the database `local`. */
  oplogWindowSeconds(): Promise<number>;
  /** How many changes the source has left out since the start, since they broke the table. */
  leftOut(): number;
  close(): Promise<void>;
}

/** One clear line that says what to do. */
export interface MongoRefusal {
  readonly kind: "refused";
  readonly reason: string;
}

/**
 * Opens the store, making and mending its collections. Safe with several nodes at once. Refused within about 8 s if the
 * database is out of reach, not a replica set, too old for images (< 6.0), or denies what is needed.
 */
export async function openMongoStore(options: MongoStoreOptions): Promise<MongoStore | MongoRefusal> {
  let probe: MongoClient | undefined;
  try {
    probe = probeClient(options.uri);
    const reason = await checkServer(probe);
    return reason === null ? await open(options) : { kind: "refused", reason };
  } catch (error) {
    return { kind: "refused", reason: explain(error) };
  } finally {
    await probe?.close();
  }
}

async function open(options: MongoStoreOptions): Promise<MongoStore> {
  const { uri, database = "live_orders" } = options;
  const connection = await openConnection(uri, database);
  const clients = { stream: streamClient(uri), history: historyClient(uri) };
  const close = async (): Promise<void> => {
    await Promise.all([connection.close(), clients.stream.close(), clients.history.close()]);
  };
  try {
    return await assemble(connection, clients, { ...options, database }, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(
  connection: Connection,
  clients: { readonly stream: MongoClient; readonly history: MongoClient },
  options: MongoStoreOptions & { readonly database: string },
  close: () => Promise<void>,
): Promise<MongoStore> {
  const { database, logger } = options;
  const home = new OrdersHome(connection.getClient(), database);
  await answerInTime(() => home.setUp());
  const leftOut = new LeftOut(logger);
  const broken = new BrokenRows(home.db, logger);
  broken.suspect();
  const oplog = new OplogHistory(new OrdersHome(clients.history, database));
  return {
    kind: "open",
    orders: orderStore(connection, home, broken, logger),
    source: new MongoChangeSource({
      home: new OrdersHome(clients.stream, database),
      primary: new PrimaryWatch(clients.stream),
      leftOut,
      broken,
      logger,
    }),
    history: oplog,
    ...durableHistory(home, oplog, options),
    oplogWindowSeconds: () => answerInTime(() => oplogWindow(home.client)),
    leftOut: () => leftOut.total,
    close: () => {
      broken.close();
      return close();
    },
  };
}

function durableHistory(
  home: OrdersHome,
  oplog: ChangeHistory,
  { historyDays = 0, archiveLeaseMs, logger }: MongoStoreOptions,
): Pick<MongoStore, "ladder" | "orderHistory" | "orderActivity" | "archive"> {
  if (historyDays === 0) {
    removeArchive(home.db, archiveLeaseMs).catch((error: unknown) =>
      logger.warn({ err: error }, "The history that is not to be kept any more could not be taken away"),
    );
    return {
      ladder: [oplog],
      orderHistory: mongoOrderHistory(null),
      orderActivity: mongoOrderActivity(null),
      archive: null,
    };
  }
  const reader = new ArchiveReader(home);
  const lease = archiveLeaseMs === undefined ? {} : { leaseMs: archiveLeaseMs };
  return {
    ladder: [new ArchiveHistory(reader, oplog), oplog],
    orderHistory: mongoOrderHistory(reader),
    orderActivity: mongoOrderActivity(reader),
    archive: new MongoChangeArchive(home.db, { historyDays, ...lease }),
  };
}

function orderStore(
  connection: Connection,
  home: OrdersHome,
  broken: BrokenRows,
  logger: StoreLogger,
): OrderStore {
  const model = orderModelOf(connection);
  const keys = new IdempotencyKeys(home.db);
  const kept = new KeptAnswers(home, keys, logger);
  const commits = new CommitWatch(home.client);
  const writer = new OrderWriter({ home, keys, kept, commits, ids: new IdCounter(home.db) });
  return new MongoOrderStore(home, model, writer, broken);
}
