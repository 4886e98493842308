import { ClockOffset } from "@live-orders/client/clock-offset";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { serverTransport } from "@live-orders/client/server-transport";
import type { TransportName } from "@live-orders/client/transport-name";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { statusFilter, transportChoice } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { CliFailure } from "../terminal/cli-failure.ts";
import { coloursFor } from "../terminal/colour.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { unreachable } from "../terminal/unreachable.ts";
import { WatchSession, type WatchEnd } from "../watch/watch-session.ts";
import { tail } from "./tail.ts";

const ABOUT = `Shows the orders that changed last, live: a table that repaints in place, with the counts and how far behind the database it is. A server that restarts is waited for.

The keys a, p, s and d show all orders, or the pending, shipped or delivered ones; q quits. Where stdout is no terminal, it prints each change as tail does.`;

export function addWatchCommand(program: Program, terminal: Terminal): void {
  program
    .command("watch")
    .summary("watch the orders in a live table")
    .description(ABOUT)
    .addOption(statusFilter())
    .addOption(transportChoice())
    .action(async ({ status, transport }) => {
      if (terminal.stdout.isTTY === true)
        await watch({ statuses: status ?? STATUSES, transport }, program, terminal);
      else await tail({ status, transport }, program, terminal);
    });
}

interface WatchOptions {
  readonly statuses: readonly Status[];
  readonly transport: TransportName | undefined;
}

async function watch(options: WatchOptions, program: Program, terminal: Terminal): Promise<void> {
  const end = await paintUntilEnd(options, urlOf(program), terminal);
  switch (end.kind) {
    case "quit":
      return;
    case "interrupted":
      throw new CliFailure("interrupted", "Interrupted");
    case "refused":
      throw new CliFailure("failed", end.detail);
    case "unreachable":
      throw await unreachable(apiOf(program), urlOf(program), end.cause);
  }
}

function paintUntilEnd(
  { statuses, transport }: WatchOptions,
  url: string,
  terminal: Terminal,
): Promise<WatchEnd> {
  const { stdin, stdout, env, signal } = terminal;
  const clockOffset = new ClockOffset();
  const api = createOrdersApi({
    baseUrl: url,
    onServerDate: ({ date, sent, received }) => {
      clockOffset.sawDate(date, sent, received);
    },
  });
  return new Promise((resolve) => {
    const onEnd = (end: WatchEnd) => {
      session.end();
      stdin.off("data", pressed);
      signal.removeEventListener("abort", interrupted);
      if (stdin.isTTY === true) stdin.setRawMode?.(false);
      stdin.pause();
      resolve(end);
    };
    const session = new WatchSession({
      api,
      transport: serverTransport(url, api, transport),
      clockOffset,
      statuses,
      output: stdout,
      colours: coloursFor(stdout, env),
      onEnd,
    });
    const pressed = (bytes: Buffer | string) => {
      for (const key of bytes.toString()) session.press(key);
    };
    const interrupted = () => {
      onEnd({ kind: "interrupted" });
    };
    if (stdin.isTTY === true) stdin.setRawMode?.(true);
    stdin.on("data", pressed);
    signal.addEventListener("abort", interrupted);
    session.start();
  });
}
