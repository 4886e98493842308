import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { eagerFiles, pageWeight, type Manifest } from "./page-weight.ts";

const manifest: Manifest = {
  "index.html": { file: "index.js", isEntry: true, imports: ["_shared.js"] },
  "_shared.js": { file: "shared.js", imports: ["_deep.js", "index.html"] },
  "_deep.js": { file: "deep.js" },
  "src/panel.tsx": { file: "panel.js", imports: ["_shared.js"] },
};

it("counts what the entry imports, however deep and once, and not what is loaded later", () => {
  expect(eagerFiles(manifest)).toEqual(["deep.js", "index.js", "shared.js"]);
});

it("weighs the files as they are sent", async () => {
  const dist = await mkdtemp(path.join(tmpdir(), "live-orders-weight-"));
  onTestFinished(() => rm(dist, { recursive: true }));
  await mkdir(path.join(dist, ".vite"));
  await writeFile(path.join(dist, ".vite/manifest.json"), JSON.stringify(manifest));
  const script = "export const word = 'order';\n".repeat(100);
  for (const file of ["index.js", "shared.js", "deep.js", "panel.js"])
    await writeFile(path.join(dist, file), script);
  expect(await pageWeight(dist)).toBe(3 * gzipSync(script).length);
});

it("fails where nothing is built", async () => {
  await expect(pageWeight(path.join(tmpdir(), "no-such-page"))).rejects.toThrow(/ENOENT/);
});
