import { prepareDataFolder, releaseDataFolder } from "./data-folder.ts";
import { describeFailure, EmbeddedError } from "./embedded-failure.ts";
import { startFirst } from "./first-start.ts";
import { findMongod } from "./mongod-binary.ts";
import { launchMongod, type LaunchPlan, setName } from "./mongod-launch.ts";
import { type SupervisedState, SupervisedServer } from "./supervised-server.ts";

export interface EmbeddedMongoOptions {
  /** The folder for the data files; made if it is not there. */
  dataDir: string;
  /** TCP port on 127.0.0.1; 0 for any free one. */
  port: number;
  /** Megabytes of the oplog, at least 1. An oplog that is there is resized only to 990 or more. */
  oplogSizeMb: number;
  /** Gigabytes of WiredTiger's cache, at least 0.25. Default 0.5. */
  cacheSizeGb?: number;
  /** Path of a `mongod`. Default: what `findMongod` finds or fetches. */
  mongod?: string;
  /** One line for people about what happens. */
  onLog?: (line: string) => void;
  onState?: (state: SupervisedState) => void;
  /** Calls the start off, or stops the running server. */
  signal?: AbortSignal;
}

export interface EmbeddedMongo {
  readonly uri: string;
  readonly port: number;
  /** The server's process id; undefined while it is down. */
  readonly pid: number | undefined;
  /** Megabytes of the oplog as it is. */
  readonly oplogSizeMb: number;
  /** Ends the server in good order, at the latest by `SIGKILL` after 10 s. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Runs a real `mongod` as a replica set of one member on 127.0.0.1, and starts it again on the same port when it dies.
 * It does not outlive this process.
 * @throws {EmbeddedError} when the first start fails.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const log = options.onLog ?? (() => undefined);
  const ending = new AbortController();
  const end = () => ending.abort();
  options.signal?.addEventListener("abort", end, { once: true });
  if (options.signal?.aborted === true) end();
  try {
    const { plan, launched } = await startFirst(
      await makePlan(options, log),
      launchMongod,
      ending.signal,
      log,
    );
    const report = reporter(options, log, plan.port);
    const server = new SupervisedServer((stop) => launchMongod(plan, stop), launched, ending.signal, report);
    return describe(plan, launched.oplogSizeMb, server, end);
  } catch (error) {
    if (ending.signal.aborted) throw new EmbeddedError({ kind: "aborted" });
    throw error;
  }
}

async function makePlan(options: EmbeddedMongoOptions, log: (line: string) => void): Promise<LaunchPlan> {
  await prepareDataFolder(options.dataDir);
  const { dataDir, port, oplogSizeMb, cacheSizeGb = 0.5 } = options;
  return { binary: options.mongod ?? (await anyMongod(log)), dataDir, port, oplogSizeMb, cacheSizeGb };
}

async function anyMongod(log: (line: string) => void): Promise<string> {
  const found = await findMongod({ onProgress: log });
  if (found.kind === "missing") throw new EmbeddedError({ kind: "binary-missing", tried: found.tried });
  return found.path;
}

function reporter(
  { onState }: EmbeddedMongoOptions,
  log: (line: string) => void,
  port: number,
): (state: SupervisedState) => void {
  return (state) => {
    log(describeState(state, port));
    onState?.(state);
  };
}

function describeState(state: SupervisedState, port: number): string {
  switch (state.kind) {
    case "ready":
      return `MongoDB is ready on 127.0.0.1:${port}`;
    case "down":
      return `${describeFailure(state.failure)} Starting it again in ${state.retryInMs / 1000} s.`;
    case "stopped":
      return "MongoDB has stopped";
  }
}

function describe(
  plan: LaunchPlan,
  oplogSizeMb: number,
  server: SupervisedServer,
  end: () => void,
): EmbeddedMongo {
  return {
    uri: `mongodb://127.0.0.1:${plan.port}/?replicaSet=${setName}`,
    port: plan.port,
    oplogSizeMb,
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
