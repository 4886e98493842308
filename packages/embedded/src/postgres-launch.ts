import { once } from "node:events";
import { EmbeddedError } from "./embedded-failure.ts";
import { type LeashedProcess, spawnLeashed } from "./leashed-process.ts";
import type { Account } from "./postgres-account.ts";
import type { PostgresBinaries } from "./postgres-binary.ts";
import { prepareCluster } from "./postgres-cluster.ts";
import { explainPostgresExit } from "./postgres-failure.ts";
import { isReady, isTelling, parsePostgresLog, type PostgresLogLine } from "./postgres-log.ts";
import type { LaunchedServer } from "./supervised-server.ts";

/** All that one start of the server needs to know. */
export interface PostgresPlan {
  dataDir: string;
  port: number;
  binaries: PostgresBinaries;
  account: Account | null;
  log: (line: string) => void;
  /** More settings, such as `["max_connections=300"]`. */
  settings: readonly string[];
}

const READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 10_000;
const KEPT_LINES = 50;

/**
 * Starts one server, that takes connections when this resolves. What it started is gone again when it throws.
 * @throws {EmbeddedError}
 */
export async function launchPostgres(plan: PostgresPlan, signal: AbortSignal): Promise<LaunchedServer> {
  const cluster = await prepareCluster(plan, plan.log);
  if (signal.aborted) throw new EmbeddedError({ kind: "aborted" }, "PostgreSQL");
  const { server, ready, lines } = spawnPostgres(plan, cluster);
  const gone = server.exited.then((exit) => explainPostgresExit(exit, lines, plan));
  const settled = new AbortController();
  const stop = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(READY_LIMIT_MS)]);
  try {
    const first = await Promise.race([ready, gone, aborted(stop)]);
    if (first !== "ready") throw new EmbeddedError(first === "aborted" ? late(signal) : first, "PostgreSQL");
    if (server.pid === undefined) throw new Error("PostgreSQL has no process id");
    return { pid: server.pid, gone, terminate: () => server.terminate(STOP_LIMIT_MS) };
  } catch (error) {
    await server.terminate(STOP_LIMIT_MS);
    throw error;
  } finally {
    settled.abort();
  }
}

const late = (signal: AbortSignal) =>
  signal.aborted
    ? ({ kind: "aborted" } as const)
    : ({ kind: "not-ready", seconds: READY_LIMIT_MS / 1000, reason: "it still recovers its files" } as const);

async function aborted(stop: AbortSignal): Promise<"aborted"> {
  if (!stop.aborted) await once(stop, "abort");
  return "aborted";
}

interface Spawned {
  readonly server: LeashedProcess;
  readonly ready: Promise<"ready">;
  /** The last telling lines of its log, oldest first. */
  readonly lines: readonly PostgresLogLine[];
}

/** `SIGINT` is its fast shutdown: on `SIGTERM` it would wait for its clients to leave. */
function spawnPostgres(plan: PostgresPlan, cluster: string): Spawned {
  const lines: PostgresLogLine[] = [];
  let becomeReady: () => void = () => undefined;
  const ready = new Promise<"ready">((resolve) => {
    becomeReady = () => resolve("ready");
  });
  const onLine = (text: string) => {
    const line = parsePostgresLog(text);
    if (isTelling(line)) lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    if (isReady(line)) becomeReady();
  };
  const { binaries, account } = plan;
  const command = { binary: binaries.postgres, args: postgresArgs(plan, cluster), account };
  return { server: spawnLeashed({ ...command, stopSignal: "SIGINT", onLine }), ready, lines };
}

function postgresArgs({ port, settings }: PostgresPlan, cluster: string): string[] {
  const all = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    // A path of more than 107 bytes would keep the server from starting.
    "unix_socket_directories=",
    "log_destination=stderr",
    "logging_collector=off",
    // A deadlock with a program that locks rows the other way round is found this soon; a write has 5 s in all.
    "deadlock_timeout=100ms",
    "lc_messages=C",
    "log_line_prefix=%m [%p] ",
    "log_min_error_statement=panic",
    // There is nobody to replicate to.
    "wal_level=minimal",
    "max_wal_senders=0",
    ...settings,
  ];
  return ["-D", cluster, ...all.flatMap((setting) => ["-c", setting])];
}
