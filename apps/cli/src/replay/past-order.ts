import type { OrderFields } from "@live-orders/protocol/order";
import { createHash } from "node:crypto";
import type { FileRow } from "../import/file-row.ts";
import type { DateReader } from "../import/row-date.ts";
import { readRowOrder, type RowRules } from "../import/row-order.ts";
import type { DurationRange } from "./duration.ts";

/** An order of the past. Times are in ms since the epoch. */
export interface PastOrder {
  readonly line: number;
  /** Null: the server gives it one. */
  readonly id: number | null;
  readonly fields: OrderFields;
  readonly ordered: number;
  /** Null: it never was; then it was not delivered either. */
  readonly shipped: number | null;
  readonly delivered: number | null;
}

export interface PastRules {
  readonly row: RowRules;
  readonly orderedColumn: string;
  readonly shippedColumn: string;
  /** From shipment to delivery. */
  readonly delivery: DurationRange;
}

export type PastReading =
  { readonly kind: "past"; readonly order: PastOrder } | { readonly kind: "bad"; readonly reason: string };

const DAY = 86_400_000;
/** Nothing ships sooner than this after it was ordered. */
const PACKING = 3_600_000;

/**
 * Reads an order of the past from a row. What the file does not tell is made up from the row's line, the same on every
 * run: the hour of a date without a time, and the days from shipment to delivery.
 */
export function readPastOrder(row: FileRow, rules: PastRules): PastReading {
  if (row.kind === "bad") return row;
  const reading = readRowOrder(row.values, rules.row);
  if (reading.kind === "bad") return reading;
  const ordered = readMoment(row, rules.orderedColumn, rules.row.readDate);
  const shipped = readMoment(row, rules.shippedColumn, rules.row.readDate);
  if (ordered === "bad" || ordered === null) {
    return { kind: "bad", reason: `${rules.orderedColumn} is not a date (see --date-format)` };
  }
  if (shipped === "bad") {
    return { kind: "bad", reason: `${rules.shippedColumn} is not a date (see --date-format)` };
  }
  const left = shipped === null ? null : Math.max(shipped, ordered + PACKING);
  const { least, most } = rules.delivery;
  const delivered = left === null ? null : left + least + (most - least) * roll(row.line, "delivery");
  const { id, fields } = reading.order;
  return { kind: "past", order: { line: row.line, id, fields, ordered, shipped: left, delivered } };
}

/** Null if the cell is empty. */
function readMoment(
  row: Extract<FileRow, { kind: "row" }>,
  column: string,
  readDate: DateReader,
): number | null | "bad" {
  const value = row.values.get(column) ?? "";
  const text = typeof value === "string" ? value.trim() : "?";
  if (text === "") return null;
  const date = readDate(text);
  if (date === null) return "bad";
  const ms = date.getTime();
  return ms % DAY === 0 ? ms + Math.floor(DAY * roll(row.line, column)) : ms;
}

/** From 0 up to 1, the same for the same line and purpose. */
function roll(line: number, purpose: string): number {
  return createHash("sha256").update(`${purpose}:${line}`).digest().readUInt32BE(0) / 2 ** 32;
}
