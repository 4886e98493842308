import { parseId } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { valueOf } from "../terminal/api-failure.ts";
import { showOrder } from "../terminal/show-order.ts";
import type { Terminal } from "../terminal/terminal.ts";

export function addDeleteCommand(program: Program, terminal: Terminal): void {
  program
    .command("delete")
    .summary("delete an order")
    .description("Deletes an order and shows it as it was.")
    .argument("<id>", "the order's id", parseId)
    .option("--json", "show it as a JSON object")
    .action(async (id, { json = false }) => {
      const removed = await apiOf(program).remove(id, { signal: terminal.signal });
      await showOrder(valueOf(removed, urlOf(program)).order, json, terminal);
    });
}
