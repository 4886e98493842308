import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

export interface ProcessExit {
  /** Null if a signal ended it. */
  code: number | null;
  signal: string | null;
  /** Set when the program could not be run at all. */
  spawnError?: string;
}

/** A server that ends when this process does, however it ends. */
export interface LeashedProcess {
  readonly pid: number | undefined;
  /** Resolves when the process is gone. Never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Asks it to end, and after `limitMs` kills it; resolves when the process is gone. */
  terminate(limitMs: number): Promise<ProcessExit>;
}

export interface LeashedCommand {
  binary: string;
  args: readonly string[];
  /** Asks for an end in good order. */
  stopSignal: "SIGTERM" | "SIGINT";
  /** Another user to run it as, which takes root. */
  account?: { readonly uid: number; readonly gid: number } | null;
  /** Each line that it prints. */
  onLine: (line: string) => void;
}

/**
 * Starts a shell that leaves a watchdog behind and then becomes the server, so that no moment passes without one. The
 * watchdog reads descriptor 3. A line means that the server has ended and nothing is to be done; the end of the stream
 * means that this process is gone: it asks the server to end, and after 10 s kills it.
 */
const launcher = (stopSignal: string): string => `
(
  trap '' HUP INT TERM
  if ! read -r word <&3; then
    kill -${stopSignal.slice(3)} $$ || exit 0
    tries=0
    while kill -0 $$; do
      tries=$((tries + 1))
      if [ $tries -gt 100 ]; then kill -KILL $$; exit 0; fi
      sleep 0.1
    done
  fi
) </dev/null >/dev/null 2>&1 &
exec "$0" "$@" 3<&-
`;

/** Detached: a Ctrl-C at the terminal reaches this process alone, which then ends its server in good order. */
export function spawnLeashed({ binary, args, stopSignal, account, onLine }: LeashedCommand): LeashedProcess {
  const child = spawn("/bin/sh", ["-c", launcher(stopSignal), binary, ...args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    // The other user may have no way into this process's folder.
    ...(account && { uid: account.uid, gid: account.gid, cwd: "/" }),
  });
  eachLine([child.stdout, child.stderr], onLine);
  // The watchdog holds its end of descriptor 3 open: without this `close` would never come.
  child.once("exit", () => dismissWatchdog(child));
  const exited = waitForExit(child);
  return { pid: child.pid, exited, terminate: (ms) => terminate(child, exited, stopSignal, ms) };
}

function eachLine(streams: readonly (Readable | null)[], take: (line: string) => void): void {
  for (const input of streams) {
    if (input) createInterface({ input }).on("line", take);
  }
}

/** `close` and not `exit`: the last lines say why it ended, and they may come after it. */
function waitForExit(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, spawnError: error.message }));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

function dismissWatchdog(child: ChildProcess): void {
  const leash = child.stdio[3];
  if (!(leash instanceof Writable)) return;
  leash.on("error", () => undefined);
  leash.end("end\n");
}

async function terminate(
  child: ChildProcess,
  exited: Promise<ProcessExit>,
  stopSignal: NodeJS.Signals,
  limitMs: number,
): Promise<ProcessExit> {
  child.kill(stopSignal);
  const settled = new AbortController();
  const limit = delay(limitMs, "late" as const, { signal: settled.signal }).catch(() => "settled" as const);
  const first = await Promise.race([exited, limit]);
  settled.abort();
  if (first === "late") child.kill("SIGKILL");
  return exited;
}
