import { orderIdSchema, storedNameSchema, type Order } from "@live-orders/protocol/order";
import { statusSchema } from "@live-orders/protocol/status";
import type { Document } from "mongodb";
import { z } from "zod";
import { FIRST_DATE, LAST_DATE } from "./order-model.ts";

const documentSchema = z.object({
  _id: orderIdSchema,
  customer_name: storedNameSchema,
  product_name: storedNameSchema,
  status: statusSchema,
  updated_at: z.date().min(FIRST_DATE).max(LAST_DATE),
});

/** A document as an order: `missing` if there is none, `broken` if it breaks the table. Extra fields fall away. */
export function orderImage(document: unknown): Order | "broken" | "missing" {
  if (document === null || document === undefined) return "missing";
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) return "broken";
  const { _id, customer_name, product_name, status, updated_at } = parsed.data;
  return { id: _id, customer_name, product_name, status, updated_at: updated_at.toISOString() };
}

/** The order if the document is one. */
export function orderOrNull(document: unknown): Order | null {
  const image = orderImage(document);
  return typeof image === "string" ? null : image;
}

/** In bytes of UTF-8: 200 code points of at most 4. */
const MAX_TEXT_BYTES = 800;

const ifType = (path: string, type: string): Document => ({
  $cond: [{ $eq: [{ $type: path }, type] }, path, null],
});

const ifShortText = (path: string): Document => ({
  $cond: [
    {
      $cond: [
        { $eq: [{ $type: path }, "string"] },
        { $lte: [{ $strLenBytes: path }, MAX_TEXT_BYTES] },
        false,
      ],
    },
    path,
    null,
  ],
});

/**
 * An aggregation expression: the five fields of the document at `path` (`$fullDocument`, `$$ROOT`), or null if there is
 * none. What is of another type or too long to be right comes as null, so that a document of 16 MiB travels as a few
 * bytes and counts as broken. The driver alone could not tell the int 7 from the double 7.
 */
export function imageExpression(path: string): Document {
  return {
    $cond: [
      { $eq: [{ $type: path }, "object"] },
      {
        _id: ifType(`${path}._id`, "int"),
        customer_name: ifShortText(`${path}.customer_name`),
        product_name: ifShortText(`${path}.product_name`),
        status: ifShortText(`${path}.status`),
        updated_at: ifType(`${path}.updated_at`, "date"),
      },
      null,
    ],
  };
}

/** A projection of the five fields, which keeps a document of 16 MiB from travelling whole. */
export const COLUMNS: Document = {
  customer_name: ifShortText("$customer_name"),
  product_name: ifShortText("$product_name"),
  status: ifShortText("$status"),
  updated_at: ifType("$updated_at", "date"),
};

/** An aggregation expression: the id at `path` if it is a 32-bit int, else null. */
export const idExpression = (path: string): Document => ifType(path, "int");

/** What the driver is to write for an order. */
export function fieldsOf(order: Order) {
  const { customer_name, product_name, status, updated_at } = order;
  return { customer_name, product_name, status, updated_at: new Date(updated_at) };
}
