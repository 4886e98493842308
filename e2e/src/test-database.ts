import { startEmbeddedPostgres } from "@live-orders/embedded/embedded-postgres";
import { startReplicaSet } from "@live-orders/testkit/mongo-replica-set";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DirectWriter, openMongoWriter, openPostgresWriter } from "./direct-writer.ts";

/** A database for one test. */
export interface TestDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string;
  /** To be opened once the API has made its table. */
  openWriter(): Promise<DirectWriter>;
  dispose(): Promise<void>;
}

/** The same tests run on either: `DATABASE_URL=embedded:postgres` chooses PostgreSQL, else it is a replica set. */
export const startDatabase = (): Promise<TestDatabase> =>
  process.env["DATABASE_URL"] === "embedded:postgres" ? startPostgres() : startMongo();

async function startMongo(): Promise<TestDatabase> {
  const set = await startReplicaSet();
  return { url: set.uri, openWriter: () => openMongoWriter(set.uri), dispose: () => set.dispose() };
}

async function startPostgres(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "live-orders-e2e-"));
  const server = await startEmbeddedPostgres({ dataDir, port: 0, settings: ["fsync=off"] });
  return {
    url: server.uri,
    openWriter: () => openPostgresWriter(server.uri),
    dispose: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
