import { orderPages } from "../order-pages.ts";
import { parseSearch, parseSort, statusFilter, wholeNumber } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { coloursFor } from "../terminal/colour.ts";
import { tabbedRow, tableHead, tableRow, tableWidths } from "../terminal/orders-table.ts";
import { write, type Terminal } from "../terminal/terminal.ts";

export function addListCommand(program: Program, terminal: Terminal): void {
  program
    .command("list")
    .summary("list orders")
    .description("Lists orders: a table on a terminal, else one order a line with tabs between the fields.")
    .addOption(statusFilter())
    .option("--q <text>", "part of either name in any case, or an exact id", parseSearch)
    .option("--sort <field>", "sort by this field, -field descends (default: -updated_at)", parseSort)
    .option("--limit <n>", "how many at most", wholeNumber(1, 1_000_000_000), 100)
    .option("--json", "one JSON object a line")
    .action(async ({ status: statuses, q, sort, limit, json = false }) => {
      const query = { ...(statuses && { statuses }), ...(q !== undefined && { q }), ...(sort && { sort }) };
      const bounds = { url: urlOf(program), signal: terminal.signal, most: limit };
      const { stdout } = terminal;
      const colours = coloursFor(stdout, terminal.env);
      let first = true;
      for await (const orders of orderPages(apiOf(program), query, bounds)) {
        const widths = tableWidths(orders, stdout.columns ?? 100);
        const asTable = !json && stdout.isTTY === true;
        const lines = orders.map((order) => {
          if (json) return JSON.stringify(order);
          return asTable ? tableRow(order, widths, colours) : tabbedRow(order);
        });
        if (asTable && first) lines.unshift(tableHead(widths, colours));
        first = false;
        if (lines.length > 0) await write(stdout, `${lines.join("\n")}\n`);
      }
    });
}
