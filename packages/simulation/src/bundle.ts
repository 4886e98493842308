import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build, type Plugin } from "vite";
import type { Mutation } from "./mutations.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const ENTRY = path.join(import.meta.dirname, "seed-worker.ts");

/** The simulation as one file that a worker can run, with a bug planted in it or none; `remove` it when done. */
export interface Bundle {
  readonly file: string;
  remove(): Promise<void>;
}

/** @throws if the source that the mutation is to change does not read as it says, or is no part of the simulation */
export async function bundleSimulation(mutation: Mutation | null): Promise<Bundle> {
  const planted = mutation && plant(mutation);
  const built = await build({
    configFile: false,
    logLevel: "error",
    root: ROOT,
    plugins: planted ? [planted.plugin] : [],
    ssr: { noExternal: true },
    build: { ssr: ENTRY, write: false, minify: false, sourcemap: "inline", target: "node20" },
  });
  const [output] = [built].flat();
  const chunk = output && "output" in output ? output.output[0] : undefined;
  if (!chunk) throw new Error("the simulation was not built");
  if (planted && !planted.isPlanted()) throw new Error(`${mutation.file} is no part of the simulation`);
  const folder = await mkdtemp(path.join(tmpdir(), "simulation-"));
  const file = path.join(folder, "seed-worker.mjs");
  await writeFile(file, chunk.code);
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Changes the source on its way into the bundle: the project's own files stay as they are. */
function plant(mutation: Mutation): { plugin: Plugin; isPlanted: () => boolean } {
  const file = path.join(ROOT, mutation.file);
  let isPlanted = false;
  const plugin: Plugin = {
    name: "plant-a-bug",
    enforce: "pre",
    transform(code, id) {
      if (id !== file) return null;
      isPlanted = true;
      return mutated(code, mutation);
    },
  };
  return { plugin, isPlanted: () => isPlanted };
}

function mutated(code: string, { name, file, find, replace }: Mutation): string {
  const [before, after, ...more] = code.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`"${name}": what it changes does not stand in ${file} exactly once`);
  return before + replace + after;
}

/** @throws as `bundleSimulation`, without building anything */
export async function checkMutation(mutation: Mutation): Promise<void> {
  mutated(await readFile(path.join(ROOT, mutation.file), "utf8"), mutation);
}
