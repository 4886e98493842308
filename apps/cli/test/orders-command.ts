import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach } from "vitest";
import { runCli } from "../src/run-cli.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

export interface CommandEnd {
  /** Null after a signal that it did not catch. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The terminal client in a process of its own. */
export interface OrdersCommand {
  readonly child: ChildProcess;
  /** Everything so far. */
  stdout(): string;
  stderr(): string;
  readonly end: Promise<CommandEnd>;
}

export interface CommandOptions {
  readonly url?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** As a person types it: `npx -y pnpm@10 -s orders`. */
  readonly asTyped?: boolean;
}

const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

export function startOrders(args: readonly string[], options: CommandOptions = {}): OrdersCommand {
  const { url = "http://127.0.0.1:9", input, env = {}, asTyped = false } = options;
  const [program, first] = asTyped
    ? ["npx", ["-y", "pnpm@10", "-s", "orders"]]
    : [process.execPath, ["--import", "tsx", "apps/cli/src/main.ts"]];
  const child = spawn(program, [...first, ...args], {
    cwd: ROOT,
    env: { ...process.env, LIVE_ORDERS_URL: url, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  running.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  // A command that does not read its input may be gone before it is written.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  const end = once(child, "close").then(() => {
    running.delete(child);
    return { code: child.exitCode, stdout, stderr };
  });
  return { child, stdout: () => stdout, stderr: () => stderr, end };
}

/** The terminal client in this process, on pipes: quick, where no signal and no closed pipe matters. */
export async function runOrders(args: readonly string[], options: CommandOptions = {}): Promise<CommandEnd> {
  const { url = "http://127.0.0.1:9", input = "" } = options;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const stdin = Readable.from([Buffer.from(input)]);
  const signal = new AbortController().signal;
  const all = args.includes("--url") ? args : ["--url", url, ...args];
  const code = await runCli(all, { stdin, stdout, stderr, env: {}, signal });
  stdout.end();
  stderr.end();
  const [told, said] = await texts;
  return { code, stdout: told, stderr: said };
}

/** The JSON values of the whole lines of an output. */
export const jsonLines = (output: string): unknown[] =>
  output
    .slice(0, output.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
