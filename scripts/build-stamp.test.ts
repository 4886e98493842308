import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { builtDigest, inputsDigest, stampBuild } from "./build-stamp.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "build-"));
  await mkdir(join(root, "apps/web/src"), { recursive: true });
  await writeFile(join(root, "apps/web/src/main.tsx"), "1;");
  await writeFile(join(root, "pnpm-lock.yaml"), "a: 1");
});
afterEach(() => rm(root, { recursive: true }));

it.each(["apps/web/src/main.tsx", "apps/web/src/new.tsx", "pnpm-lock.yaml", "apps/web/index.html"])(
  "the page is built anew when %s changes",
  async (file) => {
    const before = await inputsDigest(root);
    await writeFile(join(root, file), "2;");
    expect(await inputsDigest(root)).not.toBe(before);
  },
);

it.each(["apps/web/src/main.test.tsx", "README.md"])("and not when %s does", async (file) => {
  const before = await inputsDigest(root);
  await writeFile(join(root, file), "2;");
  expect(await inputsDigest(root)).toBe(before);
});

it("a build that is not whole has no digest", async () => {
  const dist = join(root, "dist");
  expect(await builtDigest(dist)).toBeNull();
  await mkdir(dist);
  await stampBuild(dist, "abc");
  expect(await builtDigest(dist)).toBeNull();
  await writeFile(join(dist, "index.html"), "");
  expect(await builtDigest(dist)).toBe("abc");
});
