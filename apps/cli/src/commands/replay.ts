import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { systemClock } from "@live-orders/client/clock";
import { parseMappings, requireColumn, resolveColumns } from "../import/column-map.ts";
import type { FileFormat } from "../import/file-row.ts";
import { readDate, type DateReader } from "../import/row-date.ts";
import { openSource, type SourceFile } from "../import/source-file.ts";
import type { Encoding } from "../import/text-lines.ts";
import { dateFormatOption, delimiterOption, encodingOption, formatOption } from "../file-options.ts";
import { collect, wholeNumber } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { parseDurationRange, parseSpeed, type DurationRange } from "../replay/duration.ts";
import { orderPlayer, type PlayedCounts } from "../replay/order-player.ts";
import { readPastOrder, type PastOrder, type PastRules } from "../replay/past-order.ts";
import { play } from "../replay/play.ts";
import { replayProgress } from "../replay/replay-progress.ts";
import { timelineOf } from "../replay/timeline.ts";
import { CliFailure } from "../terminal/cli-failure.ts";
import { count } from "../terminal/count.ts";
import { tell, type Terminal } from "../terminal/terminal.ts";

const ABOUT = `Plays a file of past orders as live traffic: each appears as pending, ships, and is delivered.

The file is read as by import. If id is mapped, an order is created under its id (and left out if one stands there), else under a new one. A date without a time gets an hour of its day. An order that somebody else changes meanwhile is left to them. Bad lines are counted and left out.`;

const EXAMPLE = `
Example:
  orders replay superstore.csv --map customer_name="Customer Name" --map product_name="Product Name" \\
    --ordered "Order Date" --shipped "Ship Date" --speed 7d/s`;

/** All rows are held, to sort them by time. */
const MAX_ROWS = 500_000;

interface ReplayOptions {
  readonly format?: FileFormat | undefined;
  readonly map?: readonly string[] | undefined;
  readonly ordered: string;
  readonly shipped: string;
  readonly speed: number;
  readonly deliveredAfter: DurationRange;
  readonly limit: number;
  readonly dateFormat?: DateReader | undefined;
  readonly delimiter?: string | undefined;
  readonly encoding: Encoding;
}

export function addReplayCommand(program: Program, terminal: Terminal): void {
  program
    .command("replay")
    .summary("play a file of past orders as live traffic")
    .description(ABOUT)
    .argument("<file>", "the file, or - for standard input")
    .option("--map <field=Header>", "the column that fills a field (repeat it for each)", collect)
    .requiredOption("--ordered <column>", "when it was ordered")
    .requiredOption("--shipped <column>", "when it was shipped; empty: it never was")
    .addOption(
      new Option("--speed <time/s>", "how much of the past goes by in a second, such as 12h/s")
        .default(parseSpeedOption("7d/s"), "7d/s")
        .argParser(parseSpeedOption),
    )
    .addOption(
      new Option("--delivered-after <time>", "from shipment to delivery, such as 3d")
        .default(parseRangeOption("1d-5d"), "1d-5d")
        .argParser(parseRangeOption),
    )
    .option("--limit <n>", "only the first n rows of the file", wholeNumber(1, MAX_ROWS), MAX_ROWS)
    .addOption(formatOption())
    .addOption(dateFormatOption())
    .addOption(delimiterOption())
    .addOption(encodingOption())
    .addHelpText("after", EXAMPLE)
    .action(async (file, options) => {
      await replay(file, options, program, terminal);
    });
}

function parseSpeedOption(text: string): number {
  const speed = parseSpeed(text);
  if (speed === null) throw new InvalidArgumentError("It must be such as 7d/s, 12h/s, 30m/s or 10s/s.");
  return speed;
}

function parseRangeOption(text: string): DurationRange {
  const range = parseDurationRange(text);
  if (range === null) throw new InvalidArgumentError("It must be such as 3d, 12h or 1d-5d.");
  return range;
}

async function replay(
  file: string,
  options: ReplayOptions,
  program: Program,
  terminal: Terminal,
): Promise<void> {
  const { format, encoding, delimiter } = options;
  const source = await openSource({ file, format, encoding, delimiter }, terminal.stdin);
  const { orders, bad } = await readPast(source, rulesOf(source, options), options.limit);
  if (bad > 0) tell(terminal, `${count(bad)} bad lines are left out (import tells what is wrong with them)`);
  if (orders.length === 0 && bad > 0) throw new CliFailure("failed", "there is nothing to play");
  const { signal } = terminal;
  const player = orderPlayer(apiOf(program), { url: urlOf(program), signal });
  const events = timelineOf(orders);
  const progress = replayProgress(events.length, terminal);
  try {
    await play({
      events,
      speed: options.speed,
      perform: (event) => player.perform(event),
      onEvent: (event, late) => {
        progress.show(event, late);
      },
      clock: systemClock,
      signal,
    });
  } finally {
    progress.end();
    tell(terminal, summaryOf(player.counts()));
  }
}

function rulesOf(source: SourceFile, options: ReplayOptions): PastRules {
  const { headers } = source.rows;
  const mapped = parseMappings(options.map ?? []);
  if (mapped.has("status") || mapped.has("updated_at")) {
    throw new CliFailure("usage", "--map: the status and updated_at of a played order come from its play");
  }
  const columns = new Map(resolveColumns(mapped, headers));
  columns.delete("status");
  columns.delete("updated_at");
  const [orderedColumn, shippedColumn] = [options.ordered.trim(), options.shipped.trim()];
  requireColumn(orderedColumn, headers, `--ordered ${orderedColumn}`);
  requireColumn(shippedColumn, headers, `--shipped ${shippedColumn}`);
  return {
    row: {
      columns,
      status: { kind: "fixed", status: "pending" },
      readDate: options.dateFormat ?? readDate,
      now: 0,
      formulasEscaped: false,
    },
    orderedColumn,
    shippedColumn,
    delivery: options.deliveredAfter,
  };
}

async function readPast(
  source: SourceFile,
  rules: PastRules,
  limit: number,
): Promise<{ orders: PastOrder[]; bad: number }> {
  const orders: PastOrder[] = [];
  let bad = 0;
  for await (const row of source.rows.rows) {
    if (orders.length + bad >= limit) {
      if (limit < MAX_ROWS) break;
      throw new CliFailure("failed", `the file has more than ${count(MAX_ROWS)} rows: take fewer by --limit`);
    }
    const reading = readPastOrder(row, rules);
    if (reading.kind === "past") orders.push(reading.order);
    else bad += 1;
  }
  return { orders, bad };
}

function summaryOf({ ordered, shipped, delivered, left }: PlayedCounts): string {
  const alone = left === 0 ? "" : `, ${count(left)} left alone (taken, changed or deleted by others)`;
  return `${count(ordered)} ordered, ${count(shipped)} shipped, ${count(delivered)} delivered${alone}`;
}
