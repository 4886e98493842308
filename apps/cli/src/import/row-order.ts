import { unescapeFormula } from "@live-orders/protocol/formula";
import { newOrderSchema, orderIdSchema, type Order, type OrderFields } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import type { z } from "zod";
import type { ColumnMap, MappedField } from "./column-map.ts";
import type { DateReader } from "./row-date.ts";

/** Where an order's status comes from. */
export type StatusRule =
  | { readonly kind: "fixed"; readonly status: Status }
  /** Pending if the date in this column is empty or in the future, else shipped. */
  | { readonly kind: "shipped-after"; readonly column: string }
  /** The mapped column's word, in any case; pending if none is mapped or it is empty. */
  | { readonly kind: "column" };

export interface RowRules {
  readonly columns: ColumnMap;
  readonly status: StatusRule;
  readonly readDate: DateReader;
  /** In ms since the epoch: what is later is in the future. */
  readonly now: number;
  /** Takes off what `export` put before formulas. */
  readonly formulasEscaped: boolean;
}

/** The order that a row stands for; without `id` it gets one from the server. */
export interface RowOrder {
  readonly id: number | null;
  readonly fields: OrderFields;
  /** ISO 8601, if its column is mapped and filled. */
  readonly updatedAt: string | null;
  /** Which fields the file itself tells: an order that stands under the id must equal these. */
  readonly told: readonly (keyof Order)[];
}

export type RowReading =
  { readonly kind: "order"; readonly order: RowOrder } | { readonly kind: "bad"; readonly reason: string };

type Values = ReadonlyMap<string, unknown>;

class BadRow extends Error {}

/** Makes an order of a row's values, or says why that can't be. */
export function readRowOrder(values: Values, rules: RowRules): RowReading {
  try {
    const order = rowOrder(values, rules);
    return { kind: "order", order };
  } catch (error) {
    if (error instanceof BadRow) return { kind: "bad", reason: error.message };
    throw error;
  }
}

function rowOrder(values: Values, rules: RowRules): RowOrder {
  const id = readId(mappedCell(values, rules, "id"));
  const parsed = newOrderSchema.safeParse({
    customer_name: readName(values, rules, "customer_name"),
    product_name: readName(values, rules, "product_name"),
    status: readStatus(values, rules),
  });
  if (!parsed.success) throw new BadRow(issuesOf(parsed.error));
  const updatedAt = readUpdatedAt(mappedCell(values, rules, "updated_at"), rules);
  if (id === null && updatedAt !== null) {
    throw new BadRow("a row without an id gets its updated_at from the server, and can't bring one");
  }
  return { id, fields: parsed.data, updatedAt, told: toldFields(rules, updatedAt !== null) };
}

function toldFields({ columns, status }: RowRules, dated: boolean): (keyof Order)[] {
  const told: (keyof Order)[] = ["customer_name", "product_name"];
  if (status.kind === "column" && columns.has("status")) told.push("status");
  if (dated) told.push("updated_at");
  return told;
}

/** The first field the file tells in which the two differ: then it is another order. */
export function difference(row: RowOrder, standing: Order): keyof Order | null {
  const wanted = { ...row.fields, updated_at: row.updatedAt };
  return row.told.find((field) => field !== "id" && wanted[field] !== standing[field]) ?? null;
}

function readId(text: string): number | null {
  const digits = text.trim();
  if (digits === "") return null;
  const id = orderIdSchema.safeParse(/^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN);
  if (!id.success) throw new BadRow(`id ${shown(digits)} is not a whole number from 1 to 2147483647`);
  return id.data;
}

function readName(values: Values, rules: RowRules, field: "customer_name" | "product_name"): string {
  const text = mappedCell(values, rules, field);
  return rules.formulasEscaped ? unescapeFormula(text) : text;
}

function readStatus(values: Values, { columns, status, readDate, now }: RowRules): string {
  if (status.kind === "fixed") return status.status;
  if (status.kind === "shipped-after") {
    const text = cell(values, status.column).trim();
    const date = text === "" ? null : dateOf(text, status.column, readDate);
    return date === null || date.getTime() > now ? "pending" : "shipped";
  }
  const column = columns.get("status");
  const word = column === undefined ? "" : cell(values, column).trim().toLowerCase();
  return word === "" ? "pending" : word;
}

function readUpdatedAt(text: string, { columns, readDate }: RowRules): string | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return dateOf(trimmed, columns.get("updated_at") ?? "updated_at", readDate).toISOString();
}

function dateOf(text: string, column: string, readDate: DateReader): Date {
  const date = readDate(text);
  if (date === null) throw new BadRow(`${column} ${shown(text)} is not a date (see --date-format)`);
  return date;
}

function mappedCell(values: Values, { columns }: RowRules, field: MappedField): string {
  const column = columns.get(field);
  return column === undefined ? "" : cell(values, column);
}

/** Empty for what is missing or null. */
function cell(values: Values, column: string): string {
  const value = values.get(column) ?? "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw new BadRow(`${column} is neither text nor a number`);
}

const issuesOf = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");

const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
