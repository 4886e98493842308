import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** The agent in a process of its own. */
export interface AgentProcess {
  /** Everything that it has printed. */
  output(): string;
  /** Ends it and resolves when it is gone, with its exit code (null after SIGKILL). */
  kill(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
  /** Resolves when it has ended by itself. */
  readonly end: Promise<number | null>;
}

export function startAgentProcess(env: Readonly<Record<string, string>>): AgentProcess {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", "apps/agent/src/main.ts"], {
    cwd: ROOT,
    env: { ...process.env, LOG_LEVEL: "warn", AGENT_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-100_000)));
  }
  const end = once(child, "close").then(() => child.exitCode);
  return {
    output: () => output,
    end,
    kill: async (signal) => {
      child.kill(signal);
      return end;
    },
  };
}
