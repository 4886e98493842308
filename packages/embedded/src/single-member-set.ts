import { setTimeout as delay } from "node:timers/promises";
import { type Db, type Document, MongoClient, MongoServerError } from "mongodb";

/** https://www.mongodb.com/docs/manual/reference/error-codes/ */
const NOT_YET_INITIALIZED = 94;
/** The smallest size that `replSetResizeOplog` takes, in megabytes. */
const SMALLEST_RESIZE_MB = 990;

export interface SingleMemberSet {
  name: string;
  port: number;
  oplogSizeMb: number;
}

export interface OplogSize {
  /** Megabytes that the oplog really has: one that was made smaller than 990 MB keeps its size. */
  oplogSizeMb: number;
}

/** The data belong to a replica set of another name. */
export class ForeignSetError extends Error {}

/**
 * Makes a `mongod` that listens the primary of a replica set of its own: initiates a new one, and moves one whose data
 * came from another port. Resolves when it takes writes. Rejects when `signal` aborts.
 * @throws {ForeignSetError} and changes nothing
 */
export async function becomePrimary(set: SingleMemberSet, signal: AbortSignal): Promise<OplogSize> {
  const client = new MongoClient(`mongodb://127.0.0.1:${set.port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 5000,
    maxPoolSize: 1,
  });
  try {
    const admin = client.db("admin");
    await configure(admin, set);
    await waitUntilPrimary(admin, signal);
    return { oplogSizeMb: await ensureOplogSize(client, set.oplogSizeMb) };
  } finally {
    await client.close();
  }
}

async function configure(admin: Db, set: SingleMemberSet): Promise<void> {
  const host = `127.0.0.1:${set.port}`;
  const config = await currentConfig(admin);
  if (!config) {
    await admin.command({ replSetInitiate: { _id: set.name, members: [{ _id: 0, host }] } });
    return;
  }
  const owner = String(config["_id"]);
  if (owner !== set.name) throw new ForeignSetError(`they belong to the replica set "${owner}"`);
  if (hostsOf(config).join() === host) return;
  const moved = { ...config, version: Number(config["version"]) + 1, members: [{ _id: 0, host }] };
  await admin.command({ replSetReconfig: moved, force: true });
}

async function currentConfig(admin: Db): Promise<Document | undefined> {
  try {
    const answer = await admin.command({ replSetGetConfig: 1 });
    const config: unknown = answer["config"];
    return typeof config === "object" && config !== null ? config : undefined;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return undefined;
    throw error;
  }
}

function hostsOf(config: Document): string[] {
  const members: unknown = config["members"];
  if (!Array.isArray(members)) return [];
  return members.map((member: unknown) =>
    typeof member === "object" && member !== null && "host" in member ? String(member.host) : "",
  );
}

async function waitUntilPrimary(admin: Db, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const hello = await admin.command({ hello: 1 });
    if (hello["isWritablePrimary"] === true) return;
    await delay(10, undefined, { signal });
  }
}

async function ensureOplogSize(client: MongoClient, wantedMb: number): Promise<number> {
  const stats = await client.db("local").command({ collStats: "oplog.rs" });
  const haveMb = Math.round(Number(stats["maxSize"]) / 1024 / 1024);
  if (haveMb === wantedMb || wantedMb < SMALLEST_RESIZE_MB) return haveMb;
  await client.db("admin").command({ replSetResizeOplog: 1, size: wantedMb });
  return wantedMb;
}
