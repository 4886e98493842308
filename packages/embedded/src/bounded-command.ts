import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a command ended. `output` is its last lines (stdout and stderr together), at most 40. */
export type CommandEnd =
  | { kind: "ended"; code: number; output: string[] }
  | { kind: "timed-out"; seconds: number; output: string[] }
  | { kind: "not-started"; reason: string };

export interface BoundedCommand {
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Killed after this many milliseconds, whatever it does. */
  limitMs: number;
  /** Killed after this many milliseconds without a line of output. */
  idleMs?: number;
  /** Started with an IPC channel, so that the child can notice that this process is gone. */
  ipc?: boolean;
  onLine?: (line: string) => void;
  /** Another user to run it as, which takes root. */
  account?: { readonly uid: number; readonly gid: number };
}

const KEPT_LINES = 40;

/** Runs a command to its end, bounded in time and in what is kept of its output. Never rejects. */
export function runBounded(options: BoundedCommand): Promise<CommandEnd> {
  const child = spawn(options.command, options.args, {
    stdio: options.ipc === true ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
    ...(options.env && { env: options.env }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.account && { uid: options.account.uid, gid: options.account.gid }),
  });
  return waitFor(child, options);
}

function waitFor(child: ChildProcess, options: BoundedCommand): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const output: string[] = [];
    let timedOutAfter: number | undefined;
    const kill = (ms: number) => {
      timedOutAfter ??= ms;
      child.kill("SIGKILL");
    };
    const limit = setTimeout(kill, options.limitMs, options.limitMs);
    const idle = options.idleMs === undefined ? undefined : setTimeout(kill, options.idleMs, options.idleMs);
    const settle = (end: CommandEnd) => {
      clearTimeout(limit);
      clearTimeout(idle);
      resolve(end);
    };
    eachLine(child, (line) => {
      idle?.refresh();
      output.push(line);
      if (output.length > KEPT_LINES) output.shift();
      options.onLine?.(line);
    });
    child.once("error", (error) => settle({ kind: "not-started", reason: error.message }));
    child.once("close", (code) => {
      if (timedOutAfter !== undefined) settle({ kind: "timed-out", seconds: timedOutAfter / 1000, output });
      else settle({ kind: "ended", code: code ?? -1, output });
    });
  });
}

function eachLine(child: ChildProcess, take: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (raw) => {
      const line = raw.trim();
      if (line !== "") take(line);
    });
  }
}

/** One line for people about an end that was not a success. */
export function describeEnd(end: CommandEnd): string {
  if (end.kind === "not-started") return end.reason;
  const line = end.output.find((text) => /^error/i.test(text)) ?? end.output.at(-1);
  const said = line === undefined ? "" : `: ${line}`;
  return end.kind === "timed-out"
    ? `no answer within ${end.seconds} s${said}`
    : `ended with ${end.code}${said}`;
}
