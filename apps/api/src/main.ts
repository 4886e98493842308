import process from "node:process";
import { runServer } from "./run-server.ts";
import { StartupError } from "./startup-error.ts";

/** A stop that hangs is cut off: an embedded database alone may take 10 s. */
const STOP_LIMIT_MS = 18_000;

const ending = new AbortController();
let signalledAtMs = Number.NEGATIVE_INFINITY;
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(signal, () => {
    const nowMs = performance.now();
    // A wrapper may pass on at once what the terminal sends to all; a later signal is a person who won't wait.
    if (ending.signal.aborted && nowMs - signalledAtMs > 1_000) process.exit(130);
    signalledAtMs = nowMs;
    ending.abort();
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  });
}

try {
  await runServer({ env: process.env, out: process.stdout, signal: ending.signal });
  process.exitCode = 0;
} catch (error) {
  if (!ending.signal.aborted) process.stderr.write(`${said(error)}\n`);
  // What is still being opened does not hold the process up.
  process.exit(ending.signal.aborted ? 0 : 1);
}

function said(error: unknown): string {
  if (error instanceof StartupError) return `Live Orders can't start. ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
