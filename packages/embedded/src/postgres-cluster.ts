import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { describeEnd, runBounded } from "./bounded-command.ts";
import { EmbeddedError, type EmbeddedFailure } from "./embedded-failure.ts";
import type { Account } from "./postgres-account.ts";
import { type PostgresBinaries, SHARED_FOLDER } from "./postgres-binary.ts";
import { isAlive } from "./process-life.ts";

const INITDB_LIMIT_MS = 120_000;

export interface ClusterPlan {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly account: Account | null;
}

/**
 * The server's own folder, made and filled if it is not there: `cluster` within `dataDir`. Where the server's user can't
 * get to that, because a folder above lets nobody in but root, it is a symbolic link to a folder that it can reach.
 * @throws {EmbeddedError}
 */
export async function prepareCluster(plan: ClusterPlan, log: (line: string) => void): Promise<string> {
  const cluster = join(await reachableFolder(resolve(plan.dataDir), plan.account, log), "cluster");
  if (!(await exists(join(cluster, "PG_VERSION")))) {
    log("Making a new PostgreSQL database …");
    await makeCluster(cluster, plan);
  }
  await checkVersion(cluster, plan);
  await clearLeftOverLock(cluster);
  return cluster;
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

async function reachableFolder(
  dataDir: string,
  account: Account | null,
  log: (line: string) => void,
): Promise<string> {
  if (!account || (await letIn(dataDir, account))) return dataDir;
  const link = join(dataDir, "cluster");
  const isOwn = await lstat(link).then(
    (found) => found.isDirectory(),
    () => false,
  );
  // Never a new database in place of one that is there.
  if (isOwn) throw notWritable(dataDir, `PostgreSQL runs as ${account.name}, who can't get there`);
  const digest = createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
  const folder = join(SHARED_FOLDER, `postgres-${digest}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await symlink(join(folder, "cluster"), link).catch(() => undefined);
  log(`PostgreSQL runs as ${account.name}, who can't reach ${dataDir}: its files are in ${folder}`);
  return folder;
}

/** Opens root's folders to pass through, as far as they are ours: the data folder and the one around it. */
async function letIn(dataDir: string, account: Account): Promise<boolean> {
  for (const folder of [dataDir, dirname(dataDir)]) {
    if (await canPass(dataDir, account)) return true;
    const { uid, mode } = await stat(folder);
    if (uid === 0) await chmod(folder, (mode & 0o7777) | 0o011);
  }
  return canPass(dataDir, account);
}

async function canPass(folder: string, account: Account): Promise<boolean> {
  const command = { command: "/bin/sh", args: ["-c", 'cd "$0"', folder], cwd: "/", account };
  const end = await runBounded({ ...command, limitMs: 10_000 });
  return end.kind === "ended" && end.code === 0;
}

const INITDB_ARGS = [
  ...["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"],
  ...["--no-sync", "--no-instructions"],
];

/** Filled under another name, so that a start that was cut short leaves nothing half done. */
async function makeCluster(cluster: string, { dataDir, binaries, account }: ClusterPlan): Promise<void> {
  const draft = `${cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (account) await chown(draft, account.uid, account.gid);
  const end = await runBounded({
    command: binaries.initdb,
    args: [`--pgdata=${draft}`, ...INITDB_ARGS],
    cwd: "/",
    limitMs: INITDB_LIMIT_MS,
    ...(account && { account }),
  });
  if (end.kind !== "ended" || end.code !== 0)
    throw new EmbeddedError(initdbFailure(dataDir, describeEnd(end)));
  await rename(draft, cluster);
}

function initdbFailure(dataDir: string, reason: string): EmbeddedFailure {
  if (/no space left on device|disk quota exceeded/i.test(reason)) return { kind: "disk-full", dataDir };
  return { kind: "ended", how: "initdb", reason };
}

const notWritable = (dataDir: string, reason: string): EmbeddedError =>
  new EmbeddedError({ kind: "data-dir-not-writable", dataDir, reason });

/** Files of one major version are good for that one only. */
async function checkVersion(cluster: string, { dataDir, binaries }: ClusterPlan): Promise<void> {
  const found = await readFile(join(cluster, "PG_VERSION"), "utf8").catch((error: unknown) => {
    throw notWritable(dataDir, error instanceof Error ? error.message : String(error));
  });
  const ours = binaries.majorVersion;
  if (found.trim() === ours) return;
  const reason = `its files are of PostgreSQL ${found.trim()}, and this is ${ours}`;
  throw new EmbeddedError({ kind: "data-incompatible", dataDir, reason });
}

/**
 * After a `kill -9` the lock file names a process that is gone, which the server finds out itself; but not when that
 * number has gone to another process of its user, as happens in a container.
 */
async function clearLeftOverLock(cluster: string): Promise<void> {
  const lock = join(cluster, "postmaster.pid");
  const pid = Number((await readFile(lock, "utf8").catch(() => "")).split("\n", 1)[0]);
  if (!(pid > 0) || !(await isAlive(pid))) return;
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => null);
  if (name !== null && name.trim() !== "postgres") await rm(lock, { force: true });
}
