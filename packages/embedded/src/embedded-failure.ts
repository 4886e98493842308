/** Why a server that this machine runs for us did not start, or ended. */
export type EmbeddedFailure =
  | { kind: "binary-missing"; tried: readonly string[] }
  | { kind: "data-dir-not-writable"; dataDir: string; reason: string }
  /** `holder`: the process id of the program that holds it, where known. */
  | { kind: "data-dir-in-use"; dataDir: string; holder?: number }
  /** Written by another version, or by another replica set. */
  | { kind: "data-incompatible"; dataDir: string; reason: string }
  | { kind: "disk-full"; dataDir: string }
  | { kind: "port-in-use"; port: number }
  | { kind: "not-ready"; seconds: number; reason: string }
  | { kind: "ended"; how: string; reason: string }
  | { kind: "aborted" };

export type ServerName = "MongoDB" | "PostgreSQL";

/** The one error that `packages/embedded` throws; `message` is one line for a person (more for `binary-missing`). */
export class EmbeddedError extends Error {
  readonly failure: EmbeddedFailure;

  constructor(failure: EmbeddedFailure, server: ServerName = "MongoDB") {
    super(describeFailure(failure, server));
    this.name = "EmbeddedError";
    this.failure = failure;
  }
}

/** What happened and what to do about it. */
export function describeFailure(failure: EmbeddedFailure, server: ServerName = "MongoDB"): string {
  switch (failure.kind) {
    case "binary-missing":
      return server === "MongoDB" ? explainMissingMongod(failure) : explainMissingPostgres(failure);
    case "data-dir-not-writable":
      return `The data folder ${failure.dataDir} cannot be written (${failure.reason}). Set DATA_DIR to a folder that can.`;
    case "data-dir-in-use":
      return `The data folder ${failure.dataDir} is in use by ${holderOf(failure, server)}. Stop it, or set another DATA_DIR.`;
    case "data-incompatible":
      return `The data folder ${failure.dataDir} does not fit this ${server} (${failure.reason}). Set another DATA_DIR.`;
    case "disk-full":
      return `The disk that holds ${failure.dataDir} is full. Free some space, or set DATA_DIR to another disk.`;
    case "port-in-use":
      return `Port ${failure.port} on 127.0.0.1 is in use by another program. Stop it, or set EMBEDDED_DB_PORT to another one.`;
    case "not-ready":
      return `${server} was not ready after ${failure.seconds} s (${failure.reason}).`;
    case "ended":
      return `${server} ended (${failure.how}: ${failure.reason}).`;
    case "aborted":
      return `The start of ${server} was called off.`;
  }
}

function holderOf(failure: { holder?: number }, server: ServerName): string {
  return failure.holder === undefined ? `another ${server}` : `process ${failure.holder}`;
}

function explainMissingPostgres(missing: { tried: readonly string[] }): string {
  return [
    "No PostgreSQL server for this machine could be run. Tried:",
    ...missing.tried.map((line) => `  - ${line}`),
    "Do one of these: install again with optional dependencies; or set DATABASE_URL to a PostgreSQL server.",
  ].join("\n");
}

function explainMissingMongod(missing: { tried: readonly string[] }): string {
  return [
    "No MongoDB server (mongod 6.0 or later) was found, and none could be fetched. Tried:",
    ...missing.tried.map((line) => `  - ${line}`),
    "Do one of these: set DATABASE_URL to a MongoDB replica set; install mongod 6.0 or later on the PATH;",
    "set MONGOMS_SYSTEM_BINARY to a mongod; or connect to the network once and start again.",
  ].join("\n");
}
