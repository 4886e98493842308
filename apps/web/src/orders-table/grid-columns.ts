import type { SortField } from "@live-orders/protocol/order-query";

/** The columns of the grid, from 1 as `aria-colindex` counts. */
export const COLUMNS = [
  "select",
  "id",
  "customer_name",
  "product_name",
  "status",
  "updated_at",
  "actions",
] as const;
export type Column = (typeof COLUMNS)[number];

export const colIndex = (column: Column): number => COLUMNS.indexOf(column) + 1;

export const SORTABLE: readonly { readonly field: SortField; readonly label: string }[] = [
  { field: "id", label: "#" },
  { field: "customer_name", label: "Customer" },
  { field: "product_name", label: "Product" },
  { field: "status", label: "Status" },
  { field: "updated_at", label: "Updated" },
];

/** The cells that can be typed into. */
export type TextColumn = "customer_name" | "product_name";
export const isTextColumn = (column: Column): column is TextColumn =>
  column === "customer_name" || column === "product_name";
