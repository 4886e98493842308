import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  firstFound,
  foldersOnPath,
  giveUp,
  isExecutable,
  type BinarySearch,
  type BinarySearchOptions,
} from "./binary-search.ts";
import { describeEnd, runBounded } from "./bounded-command.ts";
import { unpackChromium, unpackedChromiumPath } from "./chromium-package.ts";

export type BrowserOrigin = "configured" | "playwright" | "system" | "playwright-install" | "npm";

export type FoundBrowser =
  /** `args`: launch arguments that this browser needs on top of Playwright's own. */
  | { kind: "found"; path: string; args: string[]; origin: BrowserOrigin }
  | { kind: "missing"; tried: string[] };

type Found = Extract<FoundBrowser, { kind: "found" }>;

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const INSTALL_LIMIT_MS = 600_000;
const INSTALL_IDLE_MS = 60_000;

/** What was unpacked before comes before the install, which asks the network. */
const steps = [configured, playwrightsOwn, system, unpackedBefore, playwrightInstall, npmPackage];

/**
 * Finds a Chromium for Playwright, or gets one: `PLAYWRIGHT_CHROMIUM`, Playwright's own, the system's Chromium or
 * Chrome, `playwright install`, npm's @sparticuz/chromium. Bounded in time; never rejects for want of a browser.
 */
export async function findBrowser(options: BinarySearchOptions = {}): Promise<FoundBrowser> {
  return firstFound<Found>(steps, options);
}

async function configured(search: BinarySearch): Promise<Found | undefined> {
  const path = search.env["PLAYWRIGHT_CHROMIUM"];
  if (path === undefined || path === "") return undefined;
  return usable(search, "configured", path, `PLAYWRIGHT_CHROMIUM=${path}`);
}

async function playwrightsOwn(search: BinarySearch): Promise<Found | undefined> {
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  if (!(await isExecutable(path))) return undefined;
  return usable(search, "playwright", path, `Playwright's own ${path}`);
}

async function system(search: BinarySearch): Promise<Found | undefined> {
  const folders = foldersOnPath(search.env);
  const places = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of [...places, MAC_CHROME]) {
    if (!(await isExecutable(path))) continue;
    const found = await usable(search, "system", path, path);
    if (found) return found;
  }
  search.tried.push("the system's Chromium or Chrome: none on the PATH");
  return undefined;
}

async function unpackedBefore(search: BinarySearch): Promise<Found | undefined> {
  const path = await unpackedChromiumPath(search.cacheDir).catch(() => undefined);
  if (path === undefined || !(await isExecutable(path))) return undefined;
  return { kind: "found", path, args: [], origin: "npm" };
}

async function playwrightInstall(search: BinarySearch): Promise<Found | undefined> {
  search.onProgress("Getting a browser by `playwright install chromium` …");
  const cli = join(dirname(createRequire(import.meta.url).resolve("playwright-core")), "cli.js");
  const end = await runBounded({
    command: process.execPath,
    args: [cli, "install", "--no-shell", "chromium"],
    env: search.env,
    limitMs: INSTALL_LIMIT_MS,
    idleMs: INSTALL_IDLE_MS,
    onLine: (line) => line.includes("%") && search.onProgress(line),
  });
  if (end.kind === "ended" && end.code === 0) {
    const found = await playwrightsOwn(search);
    if (found) return { ...found, origin: "playwright-install" };
  }
  giveUp(search, "playwright install chromium", describeEnd(end));
  return undefined;
}

async function npmPackage(search: BinarySearch): Promise<Found | undefined> {
  const label = "npm's @sparticuz/chromium";
  search.onProgress(`Unpacking ${label} (210 MB, once) …`);
  const unpacked = await unpackChromium(search.cacheDir);
  if (unpacked.kind === "unpacked") return usable(search, "npm", unpacked.path, label);
  giveUp(search, label, unpacked.reason);
  return undefined;
}

async function usable(
  search: BinarySearch,
  origin: BrowserOrigin,
  path: string,
  label: string,
): Promise<Found | undefined> {
  const end = await runBounded({ command: path, args: ["--version"], limitMs: 20_000 });
  if (end.kind === "ended" && end.code === 0) return { kind: "found", path, args: [], origin };
  giveUp(search, label, describeEnd(end));
  return undefined;
}
