import { setTimeout as delay } from "node:timers/promises";
import { EmbeddedError } from "@live-orders/embedded/embedded-failure";
import { findMongod } from "@live-orders/embedded/mongod-binary";
import { MongoClient } from "mongodb";
import { MongoMemoryReplSet, type MongoMemoryServer } from "mongodb-memory-server";

export interface ReplicaSetOptions {
  /** Default 1. Three members elect a new primary about `electionTimeoutMs` after the old one's death. */
  members?: 1 | 3;
  /** Megabytes of each member's oplog. Default 64. */
  oplogSizeMb?: number;
  /** Gigabytes that each member's storage engine may hold in RAM. Default 0.25. */
  cacheSizeGb?: number;
  /** More arguments for each `mongod`, such as `["--syncdelay", "1"]`. */
  extraArgs?: readonly string[];
  /** Default 1,000. */
  electionTimeoutMs?: number;
}

/** A real replica set on loopback with its data in temporary folders. Members are named by index, from 0. */
export interface TestReplicaSet {
  readonly uri: string;
  /** `127.0.0.1:<port>` of each member. */
  readonly hosts: readonly string[];
  /** The process id of a member that runs. */
  pid(member: number): number;
  /** The member's data folder. */
  dataDir(member: number): string;
  /** The index of the member that takes writes; waits for an election, at most 30 s. */
  primary(): Promise<number>;
  /** `kill -9`; resolves when the process is gone. */
  kill(member: number): Promise<void>;
  /** Starts a killed member again on its port and its data; resolves when it takes connections. */
  start(member: number): Promise<void>;
  /** `SIGSTOP`: the process stands still, its sockets stay open. */
  pause(member: number): void;
  /** `SIGCONT` */
  resume(member: number): void;
  /** Kills all members and removes their data. May be called twice. */
  dispose(): Promise<void>;
}

const ROLE_WAIT_MS = 30_000;

export async function startReplicaSet(options: ReplicaSetOptions = {}): Promise<TestReplicaSet> {
  const set = await MongoMemoryReplSet.create({
    binary: { systemBinary: await mongodPath() },
    replSet: {
      count: options.members ?? 1,
      name: "test",
      storageEngine: "wiredTiger",
      args: mongodArgs(options),
      configSettings: {
        electionTimeoutMillis: options.electionTimeoutMs ?? 1000,
        heartbeatIntervalMillis: 500,
      },
    },
  });
  const described = describe(set);
  // A member that still copies the first data can neither vote a primary in nor become one.
  if (described.hosts.length > 1) await until(described.hosts, "a member in every place", allServe);
  return described;
}

async function mongodPath(): Promise<string> {
  const found = await findMongod();
  if (found.kind === "missing") throw new EmbeddedError({ kind: "binary-missing", tried: found.tried });
  // The binary was checked by findMongod; the memory server need not ask it for its version again.
  process.env["MONGOMS_SYSTEM_BINARY_VERSION_CHECK"] ??= "false";
  return found.path;
}

function mongodArgs({ oplogSizeMb = 64, cacheSizeGb = 0.25, extraArgs = [] }: ReplicaSetOptions): string[] {
  const small = ["--wiredTigerCacheSizeGB", String(cacheSizeGb), "--oplogSize", String(oplogSizeMb)];
  const quick = ["--journalCommitInterval", "2", "--setParameter", "diagnosticDataCollectionEnabled=false"];
  // As the embedded server's: what a killed API leaves open does not keep others from its rows for long.
  const short = ["--setParameter", "transactionLifetimeLimitSeconds=6"];
  return [...small, ...quick, ...short, "--nounixsocket", ...extraArgs];
}

function describe(set: MongoMemoryReplSet): TestReplicaSet {
  const members = [...set.servers];
  const uri = set.getUri();
  const hosts = members.map((member) => `127.0.0.1:${infoOf(member).port}`);
  const at = (index: number): MongoMemoryServer => {
    const member = members[index];
    if (!member) throw new RangeError(`The set has no member ${index}; it has ${members.length}`);
    return member;
  };
  return {
    uri,
    hosts,
    pid: (index) => pidOf(at(index)),
    dataDir: (index) => infoOf(at(index)).dbPath,
    primary: () => findPrimary(hosts),
    kill: (index) => killMember(at(index)),
    start: (index) => infoOf(at(index)).instance.start(),
    pause: (index) => void process.kill(pidOf(at(index)), "SIGSTOP"),
    resume: (index) => void process.kill(pidOf(at(index)), "SIGCONT"),
    dispose: () => dispose(set, members),
  };
}

function infoOf(member: MongoMemoryServer) {
  const info = member.instanceInfo;
  if (!info) throw new Error("The replica set was disposed of");
  return info;
}

function pidOf(member: MongoMemoryServer): number {
  const pid = infoOf(member).instance.mongodProcess?.pid;
  if (pid === undefined) throw new Error("This member does not run");
  return pid;
}

async function killMember(member: MongoMemoryServer): Promise<void> {
  const { instance } = infoOf(member);
  const child = instance.mongodProcess;
  if (!child) return;
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.kill("SIGKILL");
  await closed;
  // Ends the memory server's own watchdog and forgets the process, so that the member can be started again.
  await instance.stop();
}

type Role = "primary" | "secondary" | "none";

async function findPrimary(hosts: readonly string[]): Promise<number> {
  const roles = await until(hosts, "a primary", (all) => all.includes("primary"));
  return roles.indexOf("primary");
}

function allServe(roles: readonly Role[]): boolean {
  return roles.includes("primary") && !roles.includes("none");
}

async function until(
  hosts: readonly string[],
  what: string,
  holds: (roles: readonly Role[]) => boolean,
): Promise<readonly Role[]> {
  const end = performance.now() + ROLE_WAIT_MS;
  while (performance.now() < end) {
    const roles = await Promise.all(hosts.map(roleOf));
    if (holds(roles)) return roles;
    await delay(20);
  }
  throw new Error(`Not ${what} among ${hosts.join(", ")} within ${ROLE_WAIT_MS / 1000} s`);
}

async function roleOf(host: string): Promise<Role> {
  const limits = { serverSelectionTimeoutMS: 500, connectTimeoutMS: 500, socketTimeoutMS: 500 };
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`, limits);
  try {
    const hello = await client.db("admin").command({ hello: 1 });
    if (hello["isWritablePrimary"] === true) return "primary";
    return hello["secondary"] === true ? "secondary" : "none";
  } catch {
    return "none";
  } finally {
    await client.close();
  }
}

async function dispose(set: MongoMemoryReplSet, members: readonly MongoMemoryServer[]): Promise<void> {
  if (set.servers.length === 0) return;
  await Promise.all(members.map(killMember));
  await set.stop({ doCleanup: true, force: false });
}
