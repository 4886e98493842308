import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAlive } from "./process-life.ts";
import { EmbeddedError, type EmbeddedFailure } from "./embedded-failure.ts";

const OWNER_FILE = "live-orders-owner.json";

/** Who noted itself as the one that runs a server on the folder, and on which port. */
export type FolderOwner =
  | { kind: "none" }
  | { kind: "alive"; pid: number; port: number }
  | { kind: "dead"; pid: number; port: number };

/** Makes the folder if it is not there, and finds out by writing whether it can be written. */
export async function prepareDataFolder(dataDir: string): Promise<void> {
  const probe = join(dataDir, `.probe-${process.pid}`);
  try {
    await makeFolder(dataDir);
    await writeFile(probe, "Can this folder be written?\n");
    await rm(probe);
  } catch (error) {
    throw new EmbeddedError(writeFailure(error, dataDir));
  }
}

/** Not `mkdir` with `recursive`, which never returns where a folder refuses children with ENOENT, such as `/proc`. */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path && !(await isFolder(parent))) await makeFolder(parent);
  await mkdir(path).catch(async (error: unknown) => {
    if (!(await isFolder(path))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() === true;
}

function writeFailure(error: unknown, dataDir: string): EmbeddedFailure {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") return { kind: "disk-full", dataDir };
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: "data-dir-not-writable", dataDir, reason };
}

/** Notes this process as the owner, for the next one to tell a rival from a server that is just ending. */
export async function claimDataFolder(dataDir: string, port: number): Promise<void> {
  const draft = join(dataDir, `.owner-${process.pid}`);
  await writeFile(draft, `${JSON.stringify({ pid: process.pid, port })}\n`);
  await rename(draft, join(dataDir, OWNER_FILE));
}

/** Called when nothing of this process runs on the folder any more. */
export async function releaseDataFolder(dataDir: string): Promise<void> {
  await rm(join(dataDir, OWNER_FILE), { force: true });
}

export async function ownerOf(dataDir: string): Promise<FolderOwner> {
  const text = await readFile(join(dataDir, OWNER_FILE), "utf8").catch(() => "");
  const match = /^\{"pid":(\d{1,10}),"port":(\d{1,5})\}/.exec(text);
  if (!match) return { kind: "none" };
  const [pid, port] = [Number(match[1]), Number(match[2])];
  return { kind: (await isAlive(pid)) ? "alive" : "dead", pid, port };
}
