import process from "node:process";
import { startAgent } from "./start-agent.ts";
import { startMcp } from "./start-mcp.ts";
import { StartupError } from "./startup-error.ts";

/** A stop that hangs is cut off. */
const STOP_LIMIT_MS = 15_000;

const ending = new AbortController();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(signal, () => {
    ending.abort();
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  });
}

try {
  const args = process.argv.slice(2);
  if (args.includes("--mcp")) {
    await startMcp(process.env, args.includes("--http") ? "http" : "stdio", ending.signal);
    process.exit(0);
  }
  await startAgent(process.env, ending.signal);
} catch (error) {
  process.stderr.write(`${said(error)}\n`);
  process.exit(1);
}

function said(error: unknown): string {
  if (error instanceof StartupError) return `The agent can't start. ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
