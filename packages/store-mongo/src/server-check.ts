import type { MongoClient } from "mongodb";
import { MongoServerSelectionError, type TopologyDescription } from "mongodb";
import { z } from "zod";
import { isDenied } from "./server-error.ts";

/** Post-images came with 6.0. */
const OLDEST = 6;

const helloSchema = z.object({ setName: z.string().optional(), msg: z.string().optional() });
const buildSchema = z.object({ version: z.string() });

/** Why this database can't be used, in one clear line; null if it can. */
export async function checkServer(client: MongoClient): Promise<string | null> {
  try {
    const hello: unknown = await client.db("admin").command({ hello: 1 });
    return judgeServer(hello, await client.db("admin").command({ buildInfo: 1 }));
  } catch (error) {
    return explain(error);
  }
}

/** The same by what the server says of itself. */
export function judgeServer(hello: unknown, buildInfo: unknown): string | null {
  const { msg, setName } = helloSchema.parse(hello);
  if (msg === "isdbgrid") {
    return "This MongoDB is a sharded cluster behind mongos; Live Orders needs a plain replica set.";
  }
  if (setName === undefined) {
    return "This mongod is no replica set, and so has no change streams: start it with --replSet, and run rs.initiate().";
  }
  const { version } = buildSchema.parse(buildInfo);
  if (Number.parseInt(version, 10) >= OLDEST) return null;
  return `This MongoDB is ${version}; pre- and post-images need ${OLDEST}.0 or later.`;
}

/** A failure at the start, in one line. */
export function explain(error: unknown): string {
  if (isDenied(error))
    return `MongoDB denied access: ${messageOf(error)}. Check the user, its password and its role (readWrite).`;
  if (error instanceof MongoServerSelectionError) return explainSelection(error);
  return `MongoDB can't be used: ${messageOf(error)}. Check DATABASE_URL.`;
}

function explainSelection(error: MongoServerSelectionError): string {
  const servers: TopologyDescription["servers"] | undefined = error.reason?.servers;
  const found = servers ? [...servers.values()] : [];
  if (found.some(({ error: cause }) => isDenied(cause)))
    return explain(found.find(({ error: cause }) => isDenied(cause))?.error);
  if (found.some(({ type }) => type === "RSGhost")) {
    return "This mongod waits for its replica set to be initiated: run rs.initiate() on it.";
  }
  return `MongoDB can't be reached: ${messageOf(error)}. Is it running, and is DATABASE_URL right?`;
}

/** One line, without a full stop. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").replace(/\.$/, "");
