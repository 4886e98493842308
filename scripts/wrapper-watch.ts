import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const LOOK_EVERY_MS = 500;
const MAX_WRAPPERS = 16;

/**
 * Calls `gone` when one of the programs that wrap this process (`npx`, `pnpm`, and the shells between them) has ended:
 * not all of them pass a signal on, and a server that outlives its `pnpm start` would keep the port and the database.
 */
export function watchWrappers(gone: () => void): void {
  const wrappers = wrappersOf(process.ppid, look);
  const timer = setInterval(() => {
    if (wrappers.every(isAlive)) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** The runners above `parent`, itself included, with the shells between them; `look` tells of one process. */
export function wrappersOf(parent: number, look: (pid: number) => Seen | null): number[] {
  const wrappers: number[] = [];
  let shells: number[] = [];
  for (let pid = parent; pid > 1 && wrappers.length + shells.length < MAX_WRAPPERS;) {
    const seen = look(pid);
    const kind = seen && kindOf(seen.command);
    if (seen === null || kind === null) break;
    if (kind === "shell") shells.push(pid);
    else {
      wrappers.push(...shells, pid);
      shells = [];
    }
    pid = seen.parent;
  }
  // A shell above all of them is whoever started it, and may end: `sh -c "pnpm start &"`.
  return wrappers;
}

/** `npm exec …` is how npx names itself; pnpm is a script that Node runs. */
function kindOf(command: string): "runner" | "shell" | null {
  const [program = "", script = ""] = command.split(" ").map((word) => word.replace(/^.*\//, ""));
  const runner = program === "node" ? script : program;
  if (/^(npm|npx|pnpm|pnpx|tsx)(-cli)?(\.[cm]?js)?$/.test(runner)) return "runner";
  return /^(ba|da|z)?sh$/.test(program) && script === "-c" ? "shell" : null;
}

export interface Seen {
  readonly parent: number;
  readonly command: string;
}

function look(pid: number): Seen | null {
  try {
    return process.platform === "linux" ? lookInProc(pid) : lookByPs(pid);
  } catch {
    return null;
  }
}

/** proc_pid_stat(5): the parent is the second field after the name, which stands in parentheses. */
function lookInProc(pid: number): Seen {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  return { parent: Number(parent), command };
}

function lookByPs(pid: number): Seen {
  const line = execFileSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], { encoding: "utf8" }).trim();
  const [parent = "0", ...command] = line.split(/\s+/);
  return { parent: Number(parent), command: command.join(" ") };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
