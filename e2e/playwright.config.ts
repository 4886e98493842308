import { findBrowser } from "@live-orders/embedded/browser-binary";
import { defineConfig, devices } from "@playwright/test";

const browser = await findBrowser();
if (browser.kind === "missing")
  throw new Error(`No browser for the tests. Tried: ${browser.tried.join("; ")}`);

export default defineConfig({
  testDir: "src",
  globalSetup: "./src/built-page.ts",
  outputDir: "test-results",
  // Each test runs a database, a server and a browser of its own.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env["CI"] === "true",
  reporter: process.env["PLAYWRIGHT_JSON_OUTPUT_NAME"] ? [["list"], ["json"]] : [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: browser.path, args: [...browser.args] },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
