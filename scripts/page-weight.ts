import { readFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";

/** Of Vite's `build.manifest`, what is needed to know what a page loads before it runs. */
const manifestSchema = z.record(
  z.string(),
  z.object({ file: z.string(), isEntry: z.boolean().optional(), imports: z.array(z.string()).optional() }),
);
export type Manifest = z.infer<typeof manifestSchema>;

/** The files that the page's entries load before they run: what they import, and so on, without the lazy parts. */
export function eagerFiles(manifest: Manifest): string[] {
  const seen = new Set<string>();
  const waiting = Object.keys(manifest).filter((name) => manifest[name]?.isEntry === true);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(manifest[name]?.imports ?? []));
  }
  return [...seen].flatMap((name) => manifest[name]?.file ?? []).sort();
}

/** The gzipped JavaScript that the built page loads before its lazy parts, in bytes. */
export async function pageWeight(dist: string): Promise<number> {
  const text = await readFile(path.join(dist, ".vite/manifest.json"), "utf8");
  const scripts = eagerFiles(manifestSchema.parse(JSON.parse(text))).filter((file) => file.endsWith(".js"));
  if (scripts.length === 0) throw new Error(`${dist} has no script: is the page built?`);
  const sizes = await Promise.all(
    scripts.map(async (file) => gzipSync(await readFile(path.join(dist, file))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
