import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBrowser } from "./browser-binary.ts";

let root = "";
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), "browser-binary-"))));
afterEach(() => rm(root, { recursive: true }));

async function program(path: string, script = "echo Chromium 1"): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe("the browser for the tests", () => {
  it("opens two pages and draws text", async () => {
    const found = await findBrowser();
    if (found.kind === "missing") throw new Error(found.tried.join("\n"));
    const browser = await chromium.launch({ executablePath: found.path, args: found.args });
    try {
      const [page, other] = [await browser.newPage(), await browser.newPage()];
      await other.setContent("<p>Two</p>");
      await page.setContent("<body style='font: 40px sans-serif'><span>iiii</span><br><span>WWWW</span>");
      const boxes = await Promise.all((await page.locator("span").all()).map((span) => span.boundingBox()));
      const widths = boxes.map((box) => box?.width ?? 0);
      // Without any font both are boxes of the same width.
      expect(widths[1]).toBeGreaterThan(2 * Number(widths[0]));
      const text = await page.screenshot();
      await page.setContent("<body style='font: 40px sans-serif'>");
      expect(text.length).toBeGreaterThan((await page.screenshot()).length);
    } finally {
      await browser.close();
    }
  });

  it("is PLAYWRIGHT_CHROMIUM before all else", async () => {
    const path = await program(join(root, "mine"));
    const found = await findBrowser({ env: { PLAYWRIGHT_CHROMIUM: path, PATH: "" }, cacheDir: root });
    expect(found).toEqual({ kind: "found", path, args: [], origin: "configured" });
  });

  it("is another one if PLAYWRIGHT_CHROMIUM does not run, and it says why", async () => {
    const lines: string[] = [];
    const broken = await program(join(root, "broken"), "echo no display >&2; exit 1");
    await mkdir(join(root, "bin"));
    await program(join(root, "bin", "chromium"));
    const env = { PLAYWRIGHT_CHROMIUM: broken, PATH: `${join(root, "bin")}:/bin:/usr/bin` };
    const found = await findBrowser({ env, cacheDir: root, onProgress: (line) => lines.push(line) });
    expect(found).toMatchObject({ kind: "found" });
    expect(lines[0]).toBe(`PLAYWRIGHT_CHROMIUM=${broken} did not do (ended with 1: no display)`);
  });
});
