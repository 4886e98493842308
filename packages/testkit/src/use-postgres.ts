import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@live-orders/embedded/embedded-postgres";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { eventually } from "./eventually.ts";

export interface PostgresOptions {
  /** More settings of the server. */
  settings?: readonly string[];
  /** Whether what is committed outlives the machine. Default false, which is much quicker. */
  durable?: boolean;
}

/** What {@link usePostgres} gives; its fields may be read from `beforeEach` on, not while the file is collected. */
export interface PostgresForTests {
  /** Of a database that no other test of this file has used, and that is not there yet. */
  readonly url: string;
  /** Of the server's own database, which is always there. */
  readonly serverUrl: string;
  readonly pid: number;
  /** `kill -9`; resolves when the server runs again, on the same port and its data. */
  crash(): Promise<void>;
}

const START_LIMIT_MS = 120_000;

/** One server for a test file, and a fresh database name for each test. Call it at the top of a file. */
export function usePostgres({ settings = [], durable = false }: PostgresOptions = {}): PostgresForTests {
  let running: { server: EmbeddedPostgres; dataDir: string } | undefined;
  let tests = 0;
  const server = (): EmbeddedPostgres => {
    if (!running) throw new Error("usePostgres: the server runs from beforeAll to afterAll");
    return running.server;
  };
  const url = (database: string): string => server().uri.replace(/[^/]*$/, database);
  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "live-orders-postgres-"));
    const quick = durable ? [] : ["fsync=off", "full_page_writes=off"];
    const all = ["max_connections=300", ...quick, ...settings];
    running = { dataDir, server: await startEmbeddedPostgres({ dataDir, port: 0, settings: all }) };
  }, START_LIMIT_MS);
  beforeEach(() => {
    tests += 1;
  });
  afterAll(async () => {
    await running?.server.stop();
    if (running) await rm(running.dataDir, { recursive: true, force: true });
  });
  return {
    get url() {
      return url(`test_${tests}`);
    },
    get serverUrl() {
      return url("postgres");
    },
    get pid() {
      return pidOf(server());
    },
    crash: () => crash(server()),
  };
}

function pidOf(server: EmbeddedPostgres): number {
  if (server.pid === undefined) throw new Error("PostgreSQL does not run");
  return server.pid;
}

async function crash(server: EmbeddedPostgres): Promise<void> {
  const before = pidOf(server);
  process.kill(before, "SIGKILL");
  await eventually(() => server.pid !== undefined && server.pid !== before, { within: 60_000 });
}
