import type { Order } from "@live-orders/protocol/order";
import stringWidth from "string-width";
import { STATUS_ICONS, type Colours } from "./colour.ts";
import { fit, fitRight } from "./fit.ts";

/** In terminal columns. */
interface TableWidths {
  readonly id: number;
  readonly customer: number;
  readonly product: number;
}

const STATUS_WIDTH = 11;
const UPDATED_WIDTH = 24;
const GAP = "  ";

/** How wide each column is, for these orders on a terminal of `columns`. */
export function tableWidths(orders: readonly Order[], columns: number): TableWidths {
  const widest = (texts: string[], least: number, most: number) =>
    Math.min(
      most,
      texts.reduce((width, text) => Math.max(width, stringWidth(text)), least),
    );
  const id = widest(
    orders.map((order) => String(order.id)),
    2,
    10,
  );
  const names = Math.max(20, columns - id - STATUS_WIDTH - UPDATED_WIDTH - 4 * GAP.length);
  const customer = widest(
    orders.map((order) => order.customer_name),
    8,
    Math.floor(names * 0.4),
  );
  const product = widest(
    orders.map((order) => order.product_name),
    7,
    names - customer,
  );
  return { id, customer, product };
}

export function tableHead(widths: TableWidths, colours: Colours): string {
  const cells = [
    fitRight("#", widths.id),
    fit("Customer", widths.customer),
    fit("Product", widths.product),
    fit("Status", STATUS_WIDTH),
    "Updated",
  ];
  return colours.dim(cells.join(GAP));
}

export function tableRow(order: Order, widths: TableWidths, colours: Colours): string {
  return [
    fitRight(String(order.id), widths.id),
    fit(order.customer_name, widths.customer),
    fit(order.product_name, widths.product),
    colours.status[order.status](fit(`${STATUS_ICONS[order.status]} ${order.status}`, STATUS_WIDTH)),
    colours.dim(order.updated_at),
  ].join(GAP);
}

/** One order as a line for `cut` and its kin: the fields in the order of the contract, between tabs. */
export const tabbedRow = (order: Order): string =>
  [order.id, order.customer_name, order.product_name, order.status, order.updated_at].join("\t");
