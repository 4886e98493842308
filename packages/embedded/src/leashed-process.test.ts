import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type LeashedProcess, spawnLeashed } from "./leashed-process.ts";
import { isAlive } from "./process-life.ts";

let root = "";
const lines: string[] = [];
let started: LeashedProcess[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "leashed-"));
  lines.length = 0;
});
afterEach(async () => {
  await Promise.all(started.map((each) => each.terminate(0)));
  started = [];
  await rm(root, { recursive: true });
});

async function start(script: string, args: string[] = []): Promise<LeashedProcess> {
  const binary = join(root, `server-${started.length}`);
  await writeFile(binary, `#!/bin/sh\n${script}\n`);
  await chmod(binary, 0o755);
  const server = spawnLeashed({ binary, args, stopSignal: "SIGTERM", onLine: (line) => lines.push(line) });
  started.push(server);
  return server;
}

it("becomes the program, with its arguments as they are", async () => {
  const server = await start('echo $$; for each in "$@"; do echo "<$each>"; done', ["a b", "$HOME", "'"]);
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(lines).toEqual([String(server.pid), "<a b>", "<$HOME>", "<'>"]);
});

it("gives all lines that came before the end, of both streams", async () => {
  const server = await start("echo last words >&2; exit 14");
  expect(await server.exited).toEqual({ code: 14, signal: null });
  expect(lines).toEqual(["last words"]);
});

it("ends one that listens to the signal in good order", async () => {
  const server = await start('trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.01; done');
  await vi.waitFor(() => expect(lines).toEqual(["ready"]));
  expect(await server.terminate(60_000)).toEqual({ code: 0, signal: null });
  expect(lines).toEqual(["ready", "bye"]);
});

it("kills one that does not, at the limit", async () => {
  const server = await start('trap "" TERM; echo ready; while :; do sleep 0.01; done');
  await vi.waitFor(() => expect(lines).toEqual(["ready"]));
  expect(await server.terminate(100)).toEqual({ code: null, signal: "SIGKILL" });
});

it.skipIf(process.platform !== "linux")("kills one that stands still, too", async () => {
  const server = await start("echo ready; while :; do sleep 0.01; done");
  await vi.waitFor(() => expect(lines).toEqual(["ready"]));
  if (server.pid === undefined) throw new Error("It has no process id");
  process.kill(server.pid, "SIGSTOP");
  await vi.waitFor(async () => expect(await readFile(`/proc/${server.pid}/stat`, "utf8")).toMatch(/\) T /));
  expect(await server.terminate(100)).toEqual({ code: null, signal: "SIGKILL" });
  expect(await isAlive(server.pid)).toBe(false);
});

it("says so when the program is not there", async () => {
  const server = spawnLeashed({
    binary: join(root, "none"),
    args: [],
    stopSignal: "SIGTERM",
    onLine: (line) => lines.push(line),
  });
  expect(await server.exited).toMatchObject({ code: 127 });
  expect(lines.join()).toMatch(/none/);
});
