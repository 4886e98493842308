import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimDataFolder, ownerOf, prepareDataFolder, releaseDataFolder } from "./data-folder.ts";

let folder = "";
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "data-folder-"))));
afterEach(() => rm(folder, { recursive: true }));

describe("prepareDataFolder", () => {
  it("makes the folder with all above it, and leaves nothing in it", async () => {
    const deep = join(folder, "a", "b", "c");
    await prepareDataFolder(deep);
    expect(await readdir(deep)).toEqual([]);
    await prepareDataFolder(deep);
  });

  it("says that a path through a file cannot be written", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(prepareDataFolder(file)).rejects.toMatchObject({
      failure: { kind: "data-dir-not-writable" },
    });
    await expect(prepareDataFolder(join(file, "data"))).rejects.toThrow(/cannot be written .* Set DATA_DIR/);
  });

  it.skipIf(process.platform !== "linux")("says so where a folder takes no children at all", async () => {
    await expect(prepareDataFolder("/proc/none/data")).rejects.toMatchObject({
      failure: { kind: "data-dir-not-writable", dataDir: "/proc/none/data" },
    });
  });
});

describe("the owner of a folder", () => {
  it("is nobody at first, and after a release", async () => {
    expect(await ownerOf(folder)).toEqual({ kind: "none" });
    await claimDataFolder(folder, 27017);
    await releaseDataFolder(folder);
    expect(await ownerOf(folder)).toEqual({ kind: "none" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("is this process after a claim", async () => {
    await claimDataFolder(folder, 27017);
    expect(await ownerOf(folder)).toEqual({ kind: "alive", pid: process.pid, port: 27017 });
  });

  it("is dead when its process is", async () => {
    await claimDataFolder(folder, 27017);
    const [name] = await readdir(folder);
    const pid = Number(spawnSync("/bin/sh", ["-c", "echo $$"], { encoding: "utf8" }).stdout);
    await writeFile(join(folder, name ?? ""), JSON.stringify({ pid, port: 1 }));
    expect(await ownerOf(folder)).toEqual({ kind: "dead", pid, port: 1 });
  });

  it.skipIf(process.platform !== "linux")(
    "is dead when its process was killed and nobody has collected it",
    async () => {
      // A shell that does not wait for its child.
      const shell = spawn("/bin/sh", ["-c", "true & echo $!; exec sleep 600"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [bytes] = (await once(shell.stdout, "data")) as [Buffer];
      const pid = Number(bytes.toString());
      await claimDataFolder(folder, 1);
      const [name] = await readdir(folder);
      await writeFile(join(folder, name ?? ""), JSON.stringify({ pid, port: 1 }));
      await expect.poll(() => ownerOf(folder)).toMatchObject({ kind: "dead", pid });
      shell.kill();
    },
  );

  it.each(["", "{", '{"pid":"x"}', '{"pid":-1,"port":2}'])(
    "is nobody where the note is broken: %s",
    async (text) => {
      await claimDataFolder(folder, 1);
      const [name] = await readdir(folder);
      await writeFile(join(folder, name ?? ""), text);
      expect(await ownerOf(folder)).toEqual({ kind: "none" });
    },
  );
});
