import { once } from "node:events";
import { EmbeddedError, type EmbeddedFailure } from "./embedded-failure.ts";
import { explainExit } from "./mongod-failure.ts";
import { type MongodProcess, spawnMongod } from "./mongod-process.ts";
import { becomePrimary, ForeignSetError } from "./single-member-set.ts";
import type { LaunchedServer } from "./supervised-server.ts";

/** All that one start of the server needs to know. */
export interface LaunchPlan {
  binary: string;
  dataDir: string;
  port: number;
  oplogSizeMb: number;
  cacheSizeGb: number;
}

export interface LaunchedMongod extends LaunchedServer {
  /** Megabytes of the oplog as it is. */
  oplogSizeMb: number;
}

export const setName = "live-orders";
const stopLimitMs = 10_000;

const READY_LIMIT_MS = 120_000;

/**
 * Starts one `mongod` and makes it a primary that takes writes. What it started is gone again when it throws.
 * @throws {EmbeddedError}
 */
export async function launchMongod(plan: LaunchPlan, signal: AbortSignal): Promise<LaunchedMongod> {
  const server = spawnMongod(plan.binary, mongodArgs(plan));
  const since = performance.now();
  const settled = new AbortController();
  const stop = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(READY_LIMIT_MS)]);
  try {
    return await Promise.race([becomeReady(server, plan, stop), failAtExit(server, plan), rejectAt(stop)]);
  } catch (error) {
    const exit = await server.terminate(stopLimitMs);
    if (error instanceof EmbeddedError) throw error;
    if (signal.aborted) throw new EmbeddedError({ kind: "aborted" });
    const logged = explainExit(exit, server.errors, plan);
    throw new EmbeddedError(logged.kind === "ended" ? notReady(error, plan, since) : logged);
  } finally {
    settled.abort();
  }
}

function mongodArgs(plan: LaunchPlan): string[] {
  return [
    ...["--dbpath", plan.dataDir, "--port", String(plan.port), "--bind_ip", "127.0.0.1", "--nounixsocket"],
    ...["--replSet", setName, "--oplogSize", String(plan.oplogSizeMb)],
    ...["--wiredTigerCacheSizeGB", String(plan.cacheSizeGb)],
    // A change shows when it is journaled: the default of 100 ms is what a `w: 1` writer's reader would wait for.
    ...["--journalCommitInterval", "2"],
    ...["--quiet", "--setParameter", "diagnosticDataCollectionEnabled=false"],
    // A killed server's open transaction would keep its rows from other writers for a minute, the default.
    ...["--setParameter", "transactionLifetimeLimitSeconds=6"],
    // They are for other members. Here each would be progress, of which every client is told.
    ...["--setParameter", "writePeriodicNoops=false"],
  ];
}

async function becomeReady(
  server: MongodProcess,
  plan: LaunchPlan,
  stop: AbortSignal,
): Promise<LaunchedMongod> {
  await server.listening;
  const { oplogSizeMb } = await becomePrimary({ ...plan, name: setName }, stop);
  if (server.pid === undefined) throw new Error("mongod has no process id");
  return {
    pid: server.pid,
    oplogSizeMb,
    gone: server.exited.then((exit) => explainExit(exit, server.errors, plan)),
    terminate: () => server.terminate(stopLimitMs),
  };
}

async function rejectAt(stop: AbortSignal): Promise<never> {
  if (!stop.aborted) await once(stop, "abort");
  throw stop.reason;
}

async function failAtExit(server: MongodProcess, plan: LaunchPlan): Promise<never> {
  const exit = await server.exited;
  throw new EmbeddedError(explainExit(exit, server.errors, plan));
}

function notReady(error: unknown, plan: LaunchPlan, since: number): EmbeddedFailure {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof ForeignSetError) {
    return { kind: "data-incompatible", dataDir: plan.dataDir, reason };
  }
  return { kind: "not-ready", seconds: Math.round((performance.now() - since) / 1000), reason };
}
