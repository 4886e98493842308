import { orderPatchSchema } from "@live-orders/protocol/order";
import { parseId, parseStatus } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { valueOf } from "../terminal/api-failure.ts";
import { CliFailure } from "../terminal/cli-failure.ts";
import { showOrder } from "../terminal/show-order.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { usageOf } from "../terminal/usage.ts";

export function addEditCommand(program: Program, terminal: Terminal): void {
  program
    .command("edit")
    .summary("change an order")
    .description("Changes an order and shows it as it then stands.")
    .argument("<id>", "the order's id", parseId)
    .option("--customer <name>", "the customer's name")
    .option("--product <name>", "the product's name")
    .option("--status <status>", "pending, shipped or delivered", parseStatus)
    .option("--json", "show it as a JSON object")
    .action(async (id, { customer, product, status, json = false }) => {
      const named = {
        ...(customer !== undefined && { customer_name: customer }),
        ...(product !== undefined && { product_name: product }),
        ...(status && { status }),
      };
      if (Object.keys(named).length === 0) {
        throw new CliFailure("usage", "nothing to change: give --customer, --product or --status");
      }
      const patch = usageOf(orderPatchSchema.safeParse(named));
      const edited = await apiOf(program).patch(id, patch, { signal: terminal.signal });
      await showOrder(valueOf(edited, urlOf(program)).order, json, terminal);
    });
}
