import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { createOrdersApi, type OrdersApi } from "@live-orders/client/orders-api";
import type { Terminal } from "./terminal/terminal.ts";

export type Program = ReturnType<typeof createProgram>;

const ABOUT = `Orders, live, in the terminal.

Data goes to stdout, all else to stderr. Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`;

const EXAMPLES = `
Examples:
  orders list --status pending --q chair
  orders create --customer "Claire Gute" --product "Bookcase"
  orders edit 12 --status shipped
  orders watch --status pending
  orders tail --json --cursor-file place.txt | my-program
  orders import orders.csv --map id="Row ID" --map customer_name="Customer Name" \\
    --map product_name="Product Name" --shipped-after "Ship Date"
  orders export --status delivered > delivered.csv`;

/** The program without its commands. Errors of usage are thrown, not printed with an exit. */
export function createProgram(terminal: Terminal) {
  return new Command("orders")
    .description(ABOUT)
    .addOption(
      new Option("--url <url>", "where the server is")
        .env("LIVE_ORDERS_URL")
        .default("http://127.0.0.1:3000")
        .argParser(parseUrl),
    )
    .addHelpText("after", EXAMPLES)
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show a command's help")
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => terminal.stderr.columns ?? 100,
    });
}

export const urlOf = (program: Program): string => program.opts().url;

export const apiOf = (program: Program): OrdersApi => createOrdersApi({ baseUrl: urlOf(program) });

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("It must be a URL such as http://127.0.0.1:3000.");
  }
  return text.replace(/\/+$/, "");
}
