import { createHash } from "node:crypto";
import { orderIdSchema, timestampSchema } from "@live-orders/protocol/order";
import { compareCodePoints, formatSort, type SortField } from "@live-orders/protocol/order-query";
import { statusSchema, statusSet } from "@live-orders/protocol/status";
import type { PageQuery } from "@live-orders/store/order-store";
import { z } from "zod";

/** A row's place in the sort of a query. */
export interface PagePlace {
  /** The sort field's value; null when that is the id. */
  readonly value: string | null;
  readonly id: number;
}

type Query = Pick<PageQuery, "statuses" | "q" | "sort">;

const valueSchemas = {
  id: z.null(),
  customer_name: z.string(),
  product_name: z.string(),
  status: statusSchema,
  updated_at: timestampSchema,
} satisfies Record<SortField, z.ZodType<string | null>>;

/** Ties a page cursor to the query that it goes on with. */
function digest({ statuses, q, sort }: Query): string {
  const query = JSON.stringify([formatSort(sort), statusSet(statuses), q]);
  return createHash("sha256").update(query).digest("base64url").slice(0, 11);
}

/** The `next` of a page that ends with `last`. */
export function encodePageCursor(query: Query, { value, id }: PagePlace): string {
  return Buffer.from(JSON.stringify([digest(query), value, id])).toString("base64url");
}

/** The order of a page's rows. */
export function comparePagePlaces({ sort }: Query): (a: PagePlace, b: PagePlace) => number {
  const sign = sort.descending ? -1 : 1;
  return (a, b) => sign * (compareCodePoints(a.value ?? "", b.value ?? "") || a.id - b.id);
}

/** Null for anything that is not a `next` of this query. */
export function decodePageCursor(query: Query, cursor: string): PagePlace | null {
  const schema = z.tuple([z.literal(digest(query)), valueSchemas[query.sort.field], orderIdSchema]);
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
  if (!parsed.success) return null;
  const [, value, id] = parsed.data;
  return { value, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
