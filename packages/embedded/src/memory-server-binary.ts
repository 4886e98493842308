import { fileURLToPath } from "node:url";
import { type CommandEnd, describeEnd, runBounded } from "./bounded-command.ts";

export type MemoryServerFetch = { kind: "fetched"; path: string } | { kind: "failed"; reason: string };

const LIMIT_MS = 600_000;
/** Its download prints a line every 2 s; one that says nothing for this long does not flow. */
const IDLE_MS = 20_000;

/** A binary that mongodb-memory-server downloaded earlier, without asking the network; undefined if there is none. */
export async function locateMemoryServerBinary(): Promise<string | undefined> {
  const { DryMongoBinary } = await import("mongodb-memory-server");
  const options = await DryMongoBinary.generateOptions();
  return DryMongoBinary.locateBinary({ ...options, systemBinary: "" });
}

/** Lets mongodb-memory-server download its default version, into its own cache and by its own `MONGOMS_` settings. */
export async function downloadMemoryServerBinary(
  onProgress: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<MemoryServerFetch> {
  const end = await runBounded({
    command: process.execPath,
    args: [fileURLToPath(new URL("memory-server-download.mjs", import.meta.url))],
    // One more try only: an unreachable host is the case to fall back from. (With none the reason is lost.)
    env: { MONGOMS_MAX_RETRIES: "1", ...env, MONGOMS_SYSTEM_BINARY: "" },
    limitMs: LIMIT_MS,
    idleMs: IDLE_MS,
    ipc: true,
    onLine: (line) => {
      if (!line.startsWith("{")) onProgress(line);
    },
  });
  return readEnd(end);
}

function readEnd(end: CommandEnd): MemoryServerFetch {
  if (end.kind !== "ended") return { kind: "failed", reason: describeEnd(end) };
  const answer = end.output.map(parseAnswer).find((line) => line !== undefined);
  return answer ?? { kind: "failed", reason: describeEnd(end) };
}

function parseAnswer(line: string): MemoryServerFetch | undefined {
  if (!line.startsWith("{")) return undefined;
  const answer: unknown = JSON.parse(line);
  if (typeof answer !== "object" || answer === null) return undefined;
  if ("path" in answer && typeof answer.path === "string") return { kind: "fetched", path: answer.path };
  if ("error" in answer && typeof answer.error === "string") {
    return { kind: "failed", reason: answer.error.replace(/\s+/g, " ") };
  }
  return undefined;
}
