import { newOrderSchema } from "@live-orders/protocol/order";
import { parseStatus } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { valueOf } from "../terminal/api-failure.ts";
import { showOrder } from "../terminal/show-order.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { usageOf } from "../terminal/usage.ts";

export function addCreateCommand(program: Program, terminal: Terminal): void {
  program
    .command("create")
    .summary("create an order")
    .description("Creates an order and shows it.")
    .requiredOption("--customer <name>", "the customer's name")
    .requiredOption("--product <name>", "the product's name")
    .option("--status <status>", "pending, shipped or delivered (default: pending)", parseStatus)
    .option("--json", "show it as a JSON object")
    .action(async ({ customer, product, status, json = false }) => {
      const order = usageOf(
        newOrderSchema.safeParse({ customer_name: customer, product_name: product, status }),
      );
      const created = await apiOf(program).create(order, { signal: terminal.signal });
      await showOrder(valueOf(created, urlOf(program)).order, json, terminal);
    });
}
