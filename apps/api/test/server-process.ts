import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { eventually } from "@live-orders/testkit/eventually";

const ROOT = join(import.meta.dirname, "../../..");

export interface ServerRun {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** The exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  /** The URL that it prints once it listens. */
  url(): Promise<string>;
}

/** `main.ts` in a process of its own, with no other variables of the project's than these. */
export function runServerProcess(env: Readonly<Record<string, string>>): ServerRun {
  const child = spawn(process.execPath, ["--import", "tsx", "apps/api/src/main.ts"], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], PORT: "0", EMBEDDED_DB_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    url: () =>
      eventually(() => /Live Orders is at (\S+)/.exec(stdout)?.[1] ?? fail(stdout + stderr), {
        within: 60_000,
      }),
  };
}

function fail(said: string): never {
  throw new Error(`it has not said where it listens:\n${said}`);
}
