import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkMongod, parseMongodVersion } from "./mongod-version.ts";

let folder = "";
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "mongod-version-"))));
afterAll(() => rm(folder, { recursive: true }));

async function program(script: string): Promise<string> {
  const path = join(folder, `mongod-${Math.random()}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

it("takes 6.0 and later", async () => {
  expect(await checkMongod(await program("echo db version v6.0.0"))).toEqual({
    kind: "usable",
    version: "6.0.0",
  });
  expect(await checkMongod(await program("echo db version v10.1.2"))).toEqual({
    kind: "usable",
    version: "10.1.2",
  });
});

it("refuses an older one, and says its version", async () => {
  expect(await checkMongod(await program("echo db version v5.0.31"))).toEqual({
    kind: "too-old",
    version: "5.0.31",
  });
});

it.each(["exit 127", "echo libcrypto.so.3: cannot open shared object file >&2; exit 127", "echo hello"])(
  "refuses one that does not run here: %s",
  async (script) => {
    expect(await checkMongod(await program(script))).toMatchObject({ kind: "broken" });
  },
);

it("refuses what is not there", async () => {
  expect(await checkMongod(join(folder, "none"))).toMatchObject({ kind: "broken" });
});

it("reads the version among other lines, with a suffix", () => {
  expect(parseMongodVersion(["warning", "db version v7.0.0-rc3", "Build Info: {"])).toBe("7.0.0-rc3");
  expect(parseMongodVersion(["version 7.0.0"])).toBeUndefined();
});
