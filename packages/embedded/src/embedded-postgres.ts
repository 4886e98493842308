import { prepareDataFolder, releaseDataFolder } from "./data-folder.ts";
import { describeFailure, EmbeddedError } from "./embedded-failure.ts";
import { startFirst } from "./first-start.ts";
import { serverAccount } from "./postgres-account.ts";
import { findPostgres } from "./postgres-binary.ts";
import { launchPostgres, type PostgresPlan } from "./postgres-launch.ts";
import { type SupervisedState, SupervisedServer } from "./supervised-server.ts";

export interface EmbeddedPostgresOptions {
  /** The folder for the data files; made if it is not there. */
  dataDir: string;
  /** TCP port on 127.0.0.1; 0 for any free one. */
  port: number;
  /** More settings of the server, such as `["max_connections=300"]`. */
  settings?: readonly string[];
  /** One line for people about what happens. */
  onLog?: (line: string) => void;
  onState?: (state: SupervisedState) => void;
  /** Calls the start off, or stops the running server. */
  signal?: AbortSignal;
}

export interface EmbeddedPostgres {
  /** It names the database `live_orders`, which the store makes. */
  readonly uri: string;
  readonly port: number;
  /** The server's process id; undefined while it is down. */
  readonly pid: number | undefined;
  /** Ends the server in good order, at the latest by `SIGKILL` after 10 s. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Runs a real PostgreSQL server on 127.0.0.1, and starts it again on the same port when it dies. It does not outlive this
 * process. Anybody on this machine may connect to it.
 * @throws {EmbeddedError} when the first start fails.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.onLog ?? (() => undefined);
  const ending = new AbortController();
  const end = () => ending.abort();
  options.signal?.addEventListener("abort", end, { once: true });
  if (options.signal?.aborted === true) end();
  try {
    const wanted = await makePlan(options, log);
    const { plan, launched } = await startFirst(wanted, launchPostgres, ending.signal, log);
    const report = (state: SupervisedState) => {
      log(describeState(state, plan.port));
      options.onState?.(state);
    };
    const launch = (stop: AbortSignal) => launchPostgres(plan, stop);
    return describe(plan, new SupervisedServer(launch, launched, ending.signal, report), end);
  } catch (error) {
    throw asEmbeddedError(error, ending.signal);
  }
}

/** Those that were thrown where it is not known which server it is about are worded for this one. */
function asEmbeddedError(error: unknown, ending: AbortSignal): unknown {
  if (ending.aborted) return new EmbeddedError({ kind: "aborted" }, "PostgreSQL");
  return error instanceof EmbeddedError ? new EmbeddedError(error.failure, "PostgreSQL") : error;
}

async function makePlan(
  options: EmbeddedPostgresOptions,
  log: (line: string) => void,
): Promise<PostgresPlan> {
  await prepareDataFolder(options.dataDir);
  const account = await findAccount();
  const found = await findPostgres(account);
  if (found.kind === "missing") throw new EmbeddedError({ kind: "binary-missing", tried: found.tried });
  const { dataDir, port, settings = [] } = options;
  return { dataDir, port, binaries: found.binaries, account, log, settings };
}

async function findAccount() {
  try {
    return await serverAccount();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedError({ kind: "binary-missing", tried: [reason] });
  }
}

function describeState(state: SupervisedState, port: number): string {
  switch (state.kind) {
    case "ready":
      return `PostgreSQL is ready on 127.0.0.1:${port}`;
    case "down": {
      const why = describeFailure(state.failure, "PostgreSQL");
      return `${why} Starting it again in ${state.retryInMs / 1000} s.`;
    }
    case "stopped":
      return "PostgreSQL has stopped";
  }
}

function describe(plan: PostgresPlan, server: SupervisedServer, end: () => void): EmbeddedPostgres {
  return {
    uri: `postgres://postgres@127.0.0.1:${plan.port}/live_orders`,
    port: plan.port,
    get pid() {
      return server.pid;
    },
    async stop() {
      end();
      await server.ended;
      await releaseDataFolder(plan.dataDir);
    },
  };
}
