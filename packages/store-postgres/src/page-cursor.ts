import { createHash } from "node:crypto";
import { orderIdSchema } from "@live-orders/protocol/order";
import { formatSort } from "@live-orders/protocol/order-query";
import { statusSet } from "@live-orders/protocol/status";
import type { PageQuery } from "@live-orders/store/order-store";
import { z } from "zod";
import { type OrderRow, timestampOf } from "./order-image.ts";

/** The last row of a page, as far as its place in the sort goes. */
export interface PagePlace {
  /** The sort field's value; null when that is the id. */
  readonly value: string | null;
  readonly id: number;
}

type Query = Pick<PageQuery, "statuses" | "q" | "sort">;

export function pagePlaceOf({ sort: { field } }: Query, row: OrderRow): PagePlace {
  if (field === "id") return { value: null, id: row.id };
  return { value: field === "updated_at" ? timestampOf(row.updated_ms) : row[field], id: row.id };
}

const encodedSchema = z.tuple([z.string(), z.string().nullable(), orderIdSchema]);

/** Of characters that need no escape in a URL. It is good for this query only. */
export function encodePageCursor(query: Query, { value, id }: PagePlace): string {
  return Buffer.from(JSON.stringify([digest(query, value, id), value, id])).toString("base64url");
}

/** Null for what `encodePageCursor` did not make of this query. */
export function decodePageCursor(query: Query, cursor: string): PagePlace | null {
  const decoded = encodedSchema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
  if (!decoded.success) return null;
  const [, value, id] = decoded.data;
  return encodePageCursor(query, { value, id }) === cursor ? { value, id } : null;
}

function digest({ statuses, q, sort }: Query, value: string | null, id: number): string {
  const parts = [statusSet(statuses), q, formatSort(sort), value, id];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 12);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
