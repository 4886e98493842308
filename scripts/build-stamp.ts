import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Folders and files that the page is made of; whatever else it uses is pinned by the lockfile. */
const INPUTS = [
  "apps/web/src",
  "apps/web/public",
  "apps/web/index.html",
  "apps/web/vite.config.ts",
  "apps/web/package.json",
  "packages/client/src",
  "packages/protocol/src",
  "pnpm-lock.yaml",
  "tsconfig.base.json",
];

/** A digest of everything that the page is built from. */
export async function inputsDigest(root: string): Promise<string> {
  const digest = createHash("sha256");
  for (const input of INPUTS) {
    for (const file of await filesOf(join(root, input))) {
      if (/\.test\.tsx?$/.test(file)) continue;
      digest.update(`${relative(root, file)}\0`).update(await readFile(file));
    }
  }
  return digest.digest("hex");
}

async function filesOf(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The digest that the standing build was made from; null if there is none. */
export async function builtDigest(dist: string): Promise<string | null> {
  if (!existsSync(join(dist, "index.html"))) return null;
  return readFile(stampOf(dist), "utf8").catch(() => null);
}

export const stampBuild = (dist: string, digest: string): Promise<void> => writeFile(stampOf(dist), digest);

/** Files whose name begins with a dot are not served. */
const stampOf = (dist: string): string => join(dist, ".digest");
