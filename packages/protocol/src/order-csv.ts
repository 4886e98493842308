import { escapeFormula } from "./formula.ts";
import type { Order } from "./order.ts";

/** The header line of an export. */
export const ORDER_CSV_COLUMNS = ["id", "customer_name", "product_name", "status", "updated_at"] as const;

/** An order as the fields of a CSV line; a name that a spreadsheet would run as a formula has a `'` before it. */
export const orderCsvFields = (order: Order): string[] =>
  ORDER_CSV_COLUMNS.map((column) => {
    const value = order[column];
    return typeof value === "number" ? String(value) : escapeFormula(value);
  });
