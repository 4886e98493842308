import { type LeashedProcess, spawnLeashed } from "./leashed-process.ts";
import { isError, type MongodLogLine, parseMongodLog } from "./mongod-log.ts";

/** A `mongod` that ends when this process does, however it ends. */
export interface MongodProcess extends LeashedProcess {
  /** Resolves once it listens. Never rejects; stays open if it ends before. */
  readonly listening: Promise<void>;
  /** The last errors of its log, oldest first, at most 50. (A crash logs its reason, then 100 lines of back-trace.) */
  readonly errors: readonly MongodLogLine[];
}

const KEPT_ERRORS = 50;

export function spawnMongod(binary: string, args: readonly string[]): MongodProcess {
  const errors: MongodLogLine[] = [];
  let listens: () => void;
  const listening = new Promise<void>((resolve) => {
    listens = resolve;
  });
  const onLine = (text: string) => {
    const line = parseMongodLog(text);
    if (isError(line)) errors.push(line);
    if (errors.length > KEPT_ERRORS) errors.shift();
    if (line.message === "Waiting for connections") listens();
  };
  return { ...spawnLeashed({ binary, args, stopSignal: "SIGTERM", onLine }), listening, errors };
}
