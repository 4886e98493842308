import { Option } from "@commander-js/extra-typings";
import type { Order } from "@live-orders/protocol/order";
import { ORDER_CSV_COLUMNS, orderCsvFields } from "@live-orders/protocol/order-csv";
import type { Sort } from "@live-orders/protocol/order-query";
import { stringify } from "csv-stringify/sync";
import { FILE_FORMATS, type FileFormat } from "../import/file-row.ts";
import { orderPages } from "../order-pages.ts";
import { parseSearch, parseSort, statusFilter } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { write, type Terminal } from "../terminal/terminal.ts";

const BY_ID: Sort = { field: "id", descending: false };

const ABOUT = `Writes orders to stdout, as CSV with a header line or as NDJSON.

Each 500 orders are as of one instant. Sorted by id (the default), no order is doubled or left out while others write. In CSV a name that a spreadsheet would run as a formula (it starts with = + - or @) gets a ' before it; "orders import --formulas-escaped" takes it off again. NDJSON is exact.`;

export function addExportCommand(program: Program, terminal: Terminal): void {
  program
    .command("export")
    .summary("write all orders to stdout, as CSV or NDJSON")
    .description(ABOUT)
    .addOption(new Option("--format <format>", "csv or ndjson").choices(FILE_FORMATS).default("csv" as const))
    .addOption(statusFilter())
    .option("--q <text>", "part of either name in any case, or an exact id", parseSearch)
    .addOption(
      new Option("--sort <field>", "sort by this field, -field descends")
        .default(BY_ID, "id")
        .argParser(parseSort),
    )
    .action(async ({ format, status: statuses, q, sort }) => {
      const query = { sort, ...(statuses && { statuses }), ...(q !== undefined && { q }) };
      const bounds = { url: urlOf(program), signal: terminal.signal, most: Number.POSITIVE_INFINITY };
      const pages = orderPages(apiOf(program), query, bounds);
      let head = headOf(format);
      for await (const orders of pages) {
        await write(terminal.stdout, head + orders.map((order) => LINES[format](order)).join(""));
        head = "";
      }
    });
}

const headOf = (format: FileFormat): string => (format === "csv" ? `${ORDER_CSV_COLUMNS.join(",")}\n` : "");

/** An order as a line of the file. */
const LINES: Readonly<Record<FileFormat, (order: Order) => string>> = {
  csv: (order) => stringify([orderCsvFields(order)]),
  ndjson: (order) => `${JSON.stringify(order)}\n`,
};
