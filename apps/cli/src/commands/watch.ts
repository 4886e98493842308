import { ClockOffset } from "@live-orders/client/clock-offset";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { socketIoTransport } from "@live-orders/client/socket-io-transport";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { statusFilter } from "../option-values.ts";
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
    .action(async ({ status }) => {
      if (terminal.stdout.isTTY === true) await watch(status ?? STATUSES, program, terminal);
      else await tail({ status }, program, terminal);
    });
}

async function watch(statuses: readonly Status[], program: Program, terminal: Terminal): Promise<void> {
  const end = await paintUntilEnd(statuses, urlOf(program), terminal);
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

function paintUntilEnd(statuses: readonly Status[], url: string, terminal: Terminal): Promise<WatchEnd> {
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
      transport: socketIoTransport({ url }),
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
