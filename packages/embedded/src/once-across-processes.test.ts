import { spawnSync } from "node:child_process";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { onceAcrossProcesses } from "./once-across-processes.ts";

let folder = "";
let lock = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "once-"));
  lock = join(folder, "thing.lock");
});
afterEach(() => rm(folder, { recursive: true }));

/** Something that takes a moment to make, and may be made by one at a time. */
function thing() {
  let made: string | undefined;
  let count = 0;
  return {
    count: () => count,
    find: () => Promise.resolve(made),
    make: async () => {
      count += 1;
      await writeFile(join(folder, "thing"), "x");
      made = "made";
      return made;
    },
  };
}

it("makes it once for many who ask at once, and gives it to all", async () => {
  const { find, make, count } = thing();
  const all = await Promise.all(Array.from({ length: 8 }, () => onceAcrossProcesses({ lock, find, make })));
  expect(all).toEqual(Array.from({ length: 8 }, () => "made"));
  expect(count()).toBe(1);
  await expect(access(lock)).rejects.toThrow();
});

it("takes over from a process that was killed", async () => {
  const gone = spawnSync("/bin/sh", ["-c", "echo $$"], { encoding: "utf8" }).stdout.trim();
  await writeFile(lock, gone);
  const { find, make } = thing();
  expect(await onceAcrossProcesses({ lock, find, make })).toBe("made");
});

it("lets the next one try when making failed", async () => {
  const { find, make } = thing();
  const failing = () => Promise.reject(new Error("no network"));
  await expect(onceAcrossProcesses({ lock, find, make: failing })).rejects.toThrow("no network");
  expect(await onceAcrossProcesses({ lock, find, make })).toBe("made");
});

it("waits for a process that lives, as long as that takes", async () => {
  await writeFile(lock, String(process.pid));
  const { find, make, count } = thing();
  const waiting = onceAcrossProcesses({ lock, find, make });
  await make();
  expect(await waiting).toBe("made");
  expect(count()).toBe(1);
});
