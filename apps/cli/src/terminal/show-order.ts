import type { Order } from "@live-orders/protocol/order";
import { coloursFor, STATUS_ICONS } from "./colour.ts";
import { tabbedRow } from "./orders-table.ts";
import { write, type Terminal } from "./terminal.ts";

/** One order on stdout: for a person on a terminal, else with tabs between the fields, or as JSON. */
export function showOrder(order: Order, json: boolean, terminal: Terminal): Promise<void> {
  const { stdout, env } = terminal;
  if (json) return write(stdout, `${JSON.stringify(order)}\n`);
  if (stdout.isTTY !== true) return write(stdout, `${tabbedRow(order)}\n`);
  const colours = coloursFor(stdout, env);
  const label = (text: string) => colours.dim(text.padEnd(10));
  const lines = [
    `${label("order")}${colours.bold(`#${order.id}`)}`,
    `${label("customer")}${order.customer_name}`,
    `${label("product")}${order.product_name}`,
    `${label("status")}${colours.status[order.status](`${STATUS_ICONS[order.status]} ${order.status}`)}`,
    `${label("updated")}${order.updated_at}`,
  ];
  return write(stdout, `${lines.join("\n")}\n`);
}
