import type { BulkOperationInput } from "@live-orders/client/orders-api";
import { MAX_BULK_OPERATIONS } from "@live-orders/protocol/http-orders";
import { createHash } from "node:crypto";
import type { FileRow } from "./file-row.ts";
import { readRowOrder, type RowOrder, type RowRules } from "./row-order.ts";

export interface BadLine {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

export interface GoodLine {
  readonly line: number;
  readonly text: string;
  readonly order: RowOrder;
}

/**
 * The rows of one stretch of the file: always the same stretch on every run, whichever of them are bad, so that a
 * second run sends the same requests under the same keys.
 */
export interface ImportBatch {
  /** Which stretch, counted from 0. */
  readonly index: number;
  readonly good: readonly GoodLine[];
  readonly bad: readonly BadLine[];
}

/** In rows. Rows of names of the greatest length keep below the bulk route's body limit. */
export const BATCH_ROWS = MAX_BULK_OPERATIONS;

export async function* importBatches(
  rows: AsyncIterable<FileRow>,
  rules: RowRules,
): AsyncGenerator<ImportBatch> {
  let index = 0;
  let good: GoodLine[] = [];
  let bad: BadLine[] = [];
  for await (const row of rows) {
    const reading = row.kind === "bad" ? row : readRowOrder(row.values, rules);
    const { line, text } = row;
    if (reading.kind === "bad") bad.push({ line, text, reason: reading.reason });
    else good.push({ line, text, order: reading.order });
    if (good.length + bad.length < BATCH_ROWS) continue;
    yield { index, good, bad };
    index += 1;
    good = [];
    bad = [];
  }
  if (good.length + bad.length > 0) yield { index, good, bad };
}

/** A row with an id goes under that id, if none stands there; one without gets a new order. */
export function operationOf({ id, fields, updatedAt }: RowOrder): BulkOperationInput {
  if (id === null) return { op: "create", order: fields };
  const order = updatedAt === null ? fields : { ...fields, updated_at: updatedAt };
  return { op: "put", id, order };
}

/**
 * The `Idempotency-Key` of a stretch of a file. It does not speak of the rows themselves: the same stretch with other
 * rows is refused by the server instead of being put in a second time.
 */
export function batchKey(source: string, index: number): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([source, index]))
    .digest("hex");
  return `import-${digest.slice(0, 48)}`;
}
