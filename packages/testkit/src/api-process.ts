import { freePort } from "@live-orders/embedded/free-port";
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { eventually } from "./eventually.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const START_WAIT_MS = 30_000;
const STOP_WAIT_MS = 15_000;

/** A whole API node: the server as `pnpm start` runs it, in a process of its own. */
export interface ApiProcess {
  /** `http://127.0.0.1:<port>`; the same over restarts. */
  readonly url: string;
  /** The id of the process that runs now. */
  pid(): number;
  /** Everything that the processes so far have printed. */
  output(): string;
  /** Ends it and resolves when it is gone, with its exit code (null after a signal). */
  kill(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number | null>;
  /** Starts it again on its port after a kill; resolves when it is ready. */
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts a node on a free port and waits until `/readyz` says 200. `env` is added to its variables. */
export async function startApi(env: Readonly<Record<string, string>>): Promise<ApiProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let output = "";

  const start = async () => {
    child = spawnApi({ PORT: String(port), LOG_LEVEL: "warn", ...env });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-100_000)));
    }
    const running = child;
    await eventually(
      async () => {
        if (running.exitCode !== null) throw new Error(`The API ended with ${running.exitCode}:\n${output}`);
        return (await fetch(`${url}/readyz`)).status === 200;
      },
      { within: START_WAIT_MS },
    );
  };
  const kill = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    return endOf(child, signal);
  };
  await start();
  return {
    url,
    start,
    kill,
    output: () => output,
    pid: () => child?.pid ?? -1,
    dispose: async () => {
      await kill("SIGTERM");
    },
  };
}

function spawnApi(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", "apps/api/src/main.ts"], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    const last = setTimeout(() => child.kill("SIGKILL"), STOP_WAIT_MS);
    child.once("exit", (code) => {
      clearTimeout(last);
      resolve(code);
    });
    child.kill(signal);
  });
}
