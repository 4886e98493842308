import type { Order } from "@live-orders/protocol/order";
import type { DirectWriter, StoreDatabase, UncheckedRow } from "@live-orders/testkit/store-contract-setting";
import type { MongoForTests } from "@live-orders/testkit/use-mongo";
import type { Collection, Document, MongoClient } from "mongodb";
import { openMongoStore, type MongoStore } from "../src/mongo-store.ts";
import type { StoreLogger } from "../src/store-logger.ts";

export interface LogLine {
  readonly fields: object;
  readonly message: string;
}

/** Keeps what it is told. */
export class LogBook implements StoreLogger {
  readonly lines: LogLine[] = [];
  readonly info = (fields: object, message: string): void => void this.lines.push({ fields, message });
  readonly warn = this.info;
  readonly error = this.info;
}

/** Opens a store that must open. */
export async function openStore(uri: string, database: string, logger = new LogBook()): Promise<MongoStore> {
  const store = await openMongoStore({ uri, database, logger });
  if (store.kind === "refused") throw new Error(store.reason);
  return store;
}

export interface MongoStoreDatabase extends StoreDatabase {
  open(): Promise<MongoStore>;
}

/** A fresh database on the file's replica set. */
export function freshDatabase({
  uri,
  client,
  database,
}: Pick<MongoForTests, "uri" | "client" | "database">): MongoStoreDatabase {
  const open: MongoStore[] = [];
  return {
    direct: directWriter(client, database),
    async open() {
      const store = await openStore(uri, database);
      open.push(store);
      return store;
    },
    async dispose() {
      await Promise.all(open.map((store) => store.close()));
      await client.db(database).dropDatabase();
    },
  };
}

export interface RawOrder extends Document {
  _id: number;
}

export const rawOrders = (client: MongoClient, database: string): Collection<RawOrder> =>
  client.db(database).collection<RawOrder>("orders");

function directWriter(client: MongoClient, database: string): DirectWriter {
  const orders = rawOrders(client, database);
  const unchecked = { bypassDocumentValidation: true };
  return {
    insert: async (rows) => void (await orders.insertMany(rows.map(documentOf))),
    update: async (_id, fields) => void (await orders.updateOne({ _id }, { $set: rawFields(fields) })),
    remove: async (_id) => void (await orders.deleteOne({ _id })),
    insertUnchecked: async (rows) => void (await orders.insertMany(rows.map(documentOf), unchecked)),
    updateUnchecked: async (_id, fields) =>
      void (await orders.updateOne({ _id }, { $set: rawFields(fields) }, unchecked)),
  };
}

export const documentOf = ({ id, ...fields }: Order | UncheckedRow): RawOrder => ({
  _id: id,
  ...rawFields(fields),
});

function rawFields({ updated_at, ...fields }: Partial<Omit<UncheckedRow, "id">>): Document {
  return updated_at === undefined ? fields : { ...fields, updated_at: new Date(updated_at) };
}
