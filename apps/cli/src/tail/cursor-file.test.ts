import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cursorFile } from "./cursor-file.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cursor-file-"));
  path = join(folder, "place");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("a cursor file", () => {
  it("keeps the last cursor, and leaves nothing else behind", async () => {
    const file = cursorFile(path, undefined);
    expect(await file.read()).toBeNull();
    await file.write("one");
    await file.write("two");
    expect(await cursorFile(path, undefined).read()).toBe("two");
    expect((await readFile(path, "utf8")).split("\n")[0]).toBe("two");
    expect(await readdir(folder)).toEqual(["place"]);
  });

  it("may be written by hand: one line with a cursor", async () => {
    await writeFile(path, "abc\r\n");
    expect(await cursorFile(path, ["pending"]).read()).toBe("abc");
  });

  it("serves only the statuses that its cursor speaks for, in any order", async () => {
    await cursorFile(path, ["shipped", "pending"]).write("one");
    expect(await cursorFile(path, ["pending", "shipped"]).read()).toBe("one");
    await expect(cursorFile(path, undefined).read()).rejects.toMatchObject({ kind: "usage" });
  });

  it("that holds no cursor is a failure", async () => {
    await writeFile(path, "\n");
    await expect(cursorFile(path, undefined).read()).rejects.toThrow("no cursor");
  });
});
