import { Option } from "@commander-js/extra-typings";
import type { Status } from "@live-orders/protocol/status";
import { resolve } from "node:path";
import { dateFormatOption, delimiterOption, encodingOption, formatOption } from "../file-options.ts";
import { badLineFile } from "../import/bad-line-file.ts";
import { parseMappings, requireColumn, resolveColumns, type ColumnMap } from "../import/column-map.ts";
import type { FileFormat } from "../import/file-row.ts";
import { importBatches } from "../import/import-batch.ts";
import { importProgress } from "../import/import-progress.ts";
import { runImport, type ImportCounts } from "../import/import-run.ts";
import { readDate, type DateReader } from "../import/row-date.ts";
import type { RowRules, StatusRule } from "../import/row-order.ts";
import { openSource, type SourceFile } from "../import/source-file.ts";
import type { Encoding } from "../import/text-lines.ts";
import { collect, parseStatus } from "../option-values.ts";
import { apiOf, type Program } from "../program.ts";
import { CliFailure } from "../terminal/cli-failure.ts";
import { count } from "../terminal/count.ts";
import { tell, type Terminal } from "../terminal/terminal.ts";

const ABOUT = `Puts the orders of a CSV or NDJSON file in. - reads standard input.

The fields id, customer_name, product_name, status and updated_at are read from the columns of those names (of an NDJSON row, the keys), or from others by --map. A row with an id is put under that id, and is a bad line if another order stands there; one without gets an id from the server. The status is that of its column, of --status or of --shipped-after, else pending. Dates are M/D/YYYY or ISO, else by --date-format; without a zone they are UTC.

Bad lines are counted and written to a file, each with its line and the reason; all others go in. Running it again changes nothing, and goes on where a run was cut off. Rows without an id are known again by the file's path (for standard input: -) and their place in it, for 24 hours.

Exit status 0 also with bad lines, unless not one row went in or was there already.`;

const EXAMPLE = `
Example:
  orders import superstore.csv --map id="Row ID" --map customer_name="Customer Name" \\
    --map product_name="Product Name" --shipped-after "Ship Date"`;

interface ImportOptions {
  readonly format?: FileFormat | undefined;
  readonly map?: readonly string[] | undefined;
  readonly status?: Status | undefined;
  readonly shippedAfter?: string | undefined;
  readonly dateFormat?: DateReader | undefined;
  readonly bad?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly encoding: Encoding;
  readonly name?: string | undefined;
  readonly formulasEscaped?: true | undefined;
}

export function addImportCommand(program: Program, terminal: Terminal): void {
  program
    .command("import")
    .summary("put the orders of a CSV or NDJSON file in")
    .description(ABOUT)
    .argument("<file>", "the file, or - for standard input")
    .addOption(formatOption())
    .option("--map <field=Header>", "the column that fills a field (repeat it for each)", collect)
    .addOption(
      new Option("--status <status>", "the status of every row")
        .argParser(parseStatus)
        .conflicts("shippedAfter"),
    )
    .option("--shipped-after <column>", "pending if this date is empty or in the future, else shipped")
    .addOption(dateFormatOption())
    .option("--bad <file>", "where bad lines go (default: FILE.bad.csv or FILE.bad.ndjson)")
    .addOption(delimiterOption())
    .addOption(encodingOption())
    .option("--name <name>", "what rows without an id are known again by, in place of the file's path")
    .option("--formulas-escaped", "take off the ' that export puts before formulas")
    .addHelpText("after", EXAMPLE)
    .action(async (file, options) => {
      await importFile(file, options, program, terminal);
    });
}

async function importFile(
  file: string,
  options: ImportOptions,
  program: Program,
  terminal: Terminal,
): Promise<void> {
  const started = performance.now();
  const mapped = parseMappings(options.map ?? []);
  if (options.status !== undefined || options.shippedAfter !== undefined)
    refuseMappedStatus(mapped.has("status"));
  const { format, encoding, delimiter } = options;
  const source = await openSource({ file, format, encoding, delimiter }, terminal.stdin);
  const badPath = badPathOf(file, source, options);
  const rules = rulesOf(mapped, source, options);
  const badLines = badLineFile(badPath, source.rows, source.delimiter);
  const progress = importProgress(source, terminal);
  try {
    const counts = await runImport({
      batches: importBatches(source.rows.rows, rules),
      api: apiOf(program),
      source: options.name ?? source.name,
      signal: terminal.signal,
      onBad: (bad) => badLines.write(bad),
      onProgress: (counts) => {
        progress.show(counts);
      },
    });
    progress.end();
    summarise(counts, performance.now() - started, badPath, terminal);
  } finally {
    progress.end();
    await badLines.close();
  }
}

function refuseMappedStatus(mapped: boolean): void {
  if (!mapped) return;
  throw new CliFailure(
    "usage",
    "the status comes from --map status=..., --status or --shipped-after: give one",
  );
}

function badPathOf(file: string, source: SourceFile, options: ImportOptions): string {
  const path = options.bad ?? `${file === "-" ? "stdin" : file}.bad.${source.rows.format}`;
  if (resolve(path) === source.name) throw new CliFailure("usage", "--bad is the file itself");
  return path;
}

function rulesOf(mapped: ColumnMap, source: SourceFile, options: ImportOptions): RowRules {
  const { headers } = source.rows;
  const columns = resolveColumns(mapped, headers);
  const status = statusRule(options);
  if (status.kind === "shipped-after")
    requireColumn(status.column, headers, `--shipped-after ${status.column}`);
  return {
    columns,
    status,
    readDate: options.dateFormat ?? readDate,
    now: Date.now(),
    formulasEscaped: options.formulasEscaped ?? false,
  };
}

function statusRule({ status, shippedAfter }: ImportOptions): StatusRule {
  if (status !== undefined) return { kind: "fixed", status };
  if (shippedAfter !== undefined) return { kind: "shipped-after", column: shippedAfter.trim() };
  return { kind: "column" };
}

function summarise(counts: ImportCounts, ms: number, badPath: string, terminal: Terminal): void {
  const { rows, added, there, bad } = counts;
  const where = bad === 0 ? "" : ` (see ${badPath})`;
  const seconds = (ms / 1000).toFixed(1);
  tell(
    terminal,
    `${count(rows)} rows: ${count(added)} put in, ${count(there)} there already, ${count(bad)} bad${where}, in ${seconds} s`,
  );
  if (bad > 0 && bad === rows) throw new CliFailure("failed", "not one row went in");
}
