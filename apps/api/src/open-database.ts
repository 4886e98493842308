import { join } from "node:path";
import { EmbeddedError } from "@live-orders/embedded/embedded-failure";
import type { Config, DatabaseChoice } from "./config.ts";
import { StartupError } from "./startup-error.ts";

/** Where the store connects to. */
export interface OpenDatabase {
  readonly kind: "mongodb" | "postgres";
  readonly url: string;
  /** Whether this server runs it. */
  readonly embedded: boolean;
  /** Ends an embedded database. */
  stop(): Promise<void>;
}

/** Megabytes of an embedded MongoDB's oplog: how far back a reader may come from. */
const OPLOG_SIZE_MB = 990;

export interface Starting {
  /** Calls the start off, and ends an embedded database. */
  readonly signal: AbortSignal;
  /** One line for a person. */
  readonly say: (line: string) => void;
}

/** What kind of store the database takes. */
export const storeKind = ({ database }: Pick<Config, "database">): OpenDatabase["kind"] =>
  database.kind === "postgres" || database.kind === "embedded-postgres" ? "postgres" : "mongodb";

/** @throws StartupError */
export async function openDatabase(choice: DatabaseChoice, starting: Starting): Promise<OpenDatabase> {
  try {
    switch (choice.kind) {
      case "mongodb":
      case "postgres":
        return { ...choice, embedded: false, stop: () => Promise.resolve() };
      case "embedded-mongodb":
        return await startMongo(choice, starting);
      case "embedded-postgres":
        return await startPostgres(choice, starting);
    }
  } catch (error) {
    if (error instanceof EmbeddedError) throw new StartupError(error.message, { cause: error });
    throw error;
  }
}

type Embedded = Extract<DatabaseChoice, { dataDir: string }>;

// Each in a folder of its own: `DATABASE_URL` may change from one to the other and back.

async function startMongo({ dataDir, port }: Embedded, { signal, say }: Starting): Promise<OpenDatabase> {
  const { startEmbeddedMongo } = await import("@live-orders/embedded/embedded-mongo");
  const place = { dataDir: join(dataDir, "mongodb"), port, oplogSizeMb: OPLOG_SIZE_MB };
  const mongo = await startEmbeddedMongo({ ...place, onLog: say, signal });
  return { kind: "mongodb", url: mongo.uri, embedded: true, stop: () => mongo.stop() };
}

async function startPostgres({ dataDir, port }: Embedded, { signal, say }: Starting): Promise<OpenDatabase> {
  const { startEmbeddedPostgres } = await import("@live-orders/embedded/embedded-postgres");
  const place = { dataDir: join(dataDir, "postgres"), port };
  const postgres = await startEmbeddedPostgres({ ...place, onLog: say, signal });
  return { kind: "postgres", url: postgres.uri, embedded: true, stop: () => postgres.stop() };
}
