import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const WRAPPED = `
  import { watchWrappers } from "./scripts/wrapper-watch.ts";
  setInterval(() => undefined, 1000);
  watchWrappers(() => { console.log("gone"); process.exit(0); });
  console.log("up");
`;

/** Runs it below `pnpm exec` or so: a program of this name that waits for a shell. */
const RUNNER = `
  import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
  spawn("sh", ["-c", process.argv[2]], { stdio: "inherit" });
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wrapper-"));
  await writeFile(join(folder, "pnpm.mjs"), RUNNER);
});
afterEach(() => rm(folder, { recursive: true }));

// What follows the command keeps the shell from making way for it.
const COMMAND = `node --import tsx --input-type=module -e '${WRAPPED}'; true`;

it("a server whose wrapper is killed without passing the signal on hears of it", async () => {
  const wrapper = spawn("node", [join(folder, "pnpm.mjs"), COMMAND], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const ended = new Promise((resolve) => wrapper.stdout.once("end", resolve));
  wrapper.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (said === "up\n") wrapper.kill("SIGKILL");
  });
  await ended;
  expect(said).toBe("up\ngone\n");
});
