import { access, constants } from "node:fs/promises";
import { delimiter } from "node:path";
import { cacheFolder } from "./cache-folder.ts";

export interface BinarySearchOptions {
  onProgress?: (line: string) => void;
  /** Where a fetched binary is kept. Default: {@link cacheFolder}. */
  cacheDir?: string;
  env?: NodeJS.ProcessEnv;
}

/** A search for a program on this machine, and what it tried in vain. */
export interface BinarySearch {
  onProgress: (line: string) => void;
  cacheDir: string;
  env: NodeJS.ProcessEnv;
  /** One line for each place that was looked at, and why it did not do. */
  tried: string[];
}

/** The first of the steps, in their order, that finds; what was tried when none does. */
export async function firstFound<Found>(
  steps: readonly ((search: BinarySearch) => Promise<Found | undefined>)[],
  options: BinarySearchOptions,
): Promise<Found | { kind: "missing"; tried: string[] }> {
  const env = options.env ?? process.env;
  const search: BinarySearch = {
    env,
    onProgress: options.onProgress ?? (() => undefined),
    cacheDir: options.cacheDir ?? cacheFolder(env),
    tried: [],
  };
  for (const step of steps) {
    const found = await step(search);
    if (found) return found;
  }
  return { kind: "missing", tried: search.tried };
}

export function giveUp(search: BinarySearch, label: string, reason: string): void {
  search.tried.push(`${label}: ${reason}`);
  search.onProgress(`${label} did not do (${reason})`);
}

/** The folders that the `PATH` names. */
export function foldersOnPath(env: NodeJS.ProcessEnv): string[] {
  return (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
