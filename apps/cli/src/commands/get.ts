import { parseId } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { valueOf } from "../terminal/api-failure.ts";
import { showOrder } from "../terminal/show-order.ts";
import type { Terminal } from "../terminal/terminal.ts";

export function addGetCommand(program: Program, terminal: Terminal): void {
  program
    .command("get")
    .summary("show one order")
    .description("Shows one order.")
    .argument("<id>", "the order's id", parseId)
    .option("--json", "as a JSON object")
    .action(async (id, { json = false }) => {
      const found = await apiOf(program).get(id, { signal: terminal.signal });
      await showOrder(valueOf(found, urlOf(program)).order, json, terminal);
    });
}
