import { open, readFile, rm, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "./process-life.ts";

/** A lock this old is left over, whatever its process id has come to mean. */
const STALE_MS = 900_000;
const POLL_MS = 100;

/**
 * Runs `make` in one process at a time: the others wait, and then ask `find` whether it is there now. The lock only
 * saves work and holds nothing together: `make` itself must be safe to run twice at once.
 */
export async function onceAcrossProcesses<T>(options: {
  /** Path of the lock file; its folder exists. */
  lock: string;
  find: () => Promise<T | undefined>;
  make: () => Promise<T>;
}): Promise<T> {
  const end = performance.now() + STALE_MS;
  while (performance.now() < end) {
    const found = await options.find();
    if (found !== undefined) return found;
    if (await take(options.lock)) {
      try {
        return await options.make();
      } finally {
        await rm(options.lock, { force: true });
      }
    }
    if (await isLeftOver(options.lock)) await rm(options.lock, { force: true });
    else await delay(POLL_MS);
  }
  return options.make();
}

async function take(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx");
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function isLeftOver(lock: string): Promise<boolean> {
  const info = await stat(lock).catch(() => undefined);
  if (!info) return false;
  if (Date.now() - info.mtimeMs > STALE_MS) return true;
  const pid = Number(await readFile(lock, "utf8").catch(() => ""));
  // Empty: it was made a moment ago, and its process id is still to come.
  return pid > 0 && !(await isAlive(pid));
}
