import { createConnection, type Connection } from "mongoose";
import { MongoClient, type MongoClientOptions } from "mongodb";

/**
 * Limits that let every wait end: a server that does not answer is noticed by the heartbeat in about 4 s, a request
 * without an answer ends after 6.
 */
const BOUNDED: MongoClientOptions = {
  serverSelectionTimeoutMS: 2000,
  connectTimeoutMS: 3000,
  socketTimeoutMS: 6000,
  heartbeatFrequencyMS: 2000,
  waitQueueTimeoutMS: 2000,
  // What a burst opened, such as the requests that waited for a new primary, is given back.
  maxIdleTimeMS: 20_000,
  readPreference: "primary",
  writeConcern: { w: "majority", journal: true },
  // A string that is not UTF-8 (the server lets it in) must not end the feed.
  enableUtf8Validation: false,
};

/**
 * For a client that learns of a new primary by its next command: one look every 5 s on one connection, where the stream
 * of looks and the measured round trips take two, and a wakeup a second.
 */
const SELDOM_WATCHED: MongoClientOptions = {
  ...BOUNDED,
  serverMonitoringMode: "poll",
  heartbeatFrequencyMS: 5000,
};

/** How long a start waits for a database, in ms. */
const START_WAIT_MS = 7000;

/** A client to look at the server with: one that waits longer. */
export const probeClient = (uri: string): MongoClient =>
  new MongoClient(uri, {
    ...BOUNDED,
    appName: "live-orders probe",
    serverSelectionTimeoutMS: START_WAIT_MS,
    maxPoolSize: 1,
  });

/** The change stream's own: a process has one stream, and it waits for no other's connection. */
export const streamClient = (uri: string): MongoClient =>
  new MongoClient(uri, { ...BOUNDED, appName: "live-orders stream", retryReads: false, maxPoolSize: 4 });

/** The replays' own: each holds a connection while it waits. */
export const historyClient = (uri: string): MongoClient =>
  new MongoClient(uri, {
    ...SELDOM_WATCHED,
    appName: "live-orders history",
    retryReads: false,
    maxPoolSize: 20,
  });

/** The agent's messages': none of their writes needs a position in the feed of orders. */
export const messagesClient = (uri: string): MongoClient =>
  new MongoClient(uri, { ...SELDOM_WATCHED, appName: "live-orders messages", maxPoolSize: 10 });

/**
 * For reads and writes. Without the driver's retried writes, whose answers tell a time that is not the write's; with
 * monitored commands, since a commit is retried all the same.
 */
export async function openConnection(uri: string, database: string): Promise<Connection> {
  const connection = createConnection(uri, {
    ...BOUNDED,
    appName: "live-orders requests",
    dbName: database,
    maxPoolSize: 50,
    retryWrites: false,
    monitorCommands: true,
    autoCreate: false,
    autoIndex: false,
    bufferCommands: false,
  });
  return connection.asPromise();
}
