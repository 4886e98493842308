import { z } from "zod";
import type { Order } from "./order.ts";
import { statusSchema } from "./status.ts";

export const SORT_FIELDS = ["id", "customer_name", "product_name", "status", "updated_at"] as const;
export type SortField = (typeof SORT_FIELDS)[number];

export interface Sort {
  readonly field: SortField;
  readonly descending: boolean;
}

export const DEFAULT_SORT: Sort = { field: "updated_at", descending: true };

/** `updated_at` or `-updated_at`. */
export const sortSchema = z
  .enum(SORT_FIELDS.flatMap((field) => [field, `-${field}` as const]))
  .transform((text): Sort => {
    const descending = text.startsWith("-");
    const field = z.enum(SORT_FIELDS).parse(descending ? text.slice(1) : text);
    return { field, descending };
  });

export const formatSort = (sort: Sort): string => (sort.descending ? `-${sort.field}` : sort.field);

/** A number in a query string. */
export const queryInt = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

/** A search text: no longer than a name, and of what a name may hold. */
export const searchSchema = z
  .string()
  .refine((text) => Array.from(text).length <= 200, "must be at most 200 characters long")
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), "must not contain control characters");

export const PAGE_LIMIT = { min: 1, max: 500, default: 100 } as const;

/** `GET /api/orders`. `status` may repeat; none means all. */
export const orderQuerySchema = z.strictObject({
  status: z.array(statusSchema).optional(),
  q: searchSchema.optional(),
  sort: sortSchema.optional(),
  limit: queryInt(PAGE_LIMIT.min, PAGE_LIMIT.max).optional(),
  after: z.string().min(1).max(4096).optional(),
});

/** `GET /api/orders.csv`: the list's filter, search and sort, without its pages. */
export const exportQuerySchema = orderQuerySchema.omit({ limit: true, after: true });

export const countsQuerySchema = z.strictObject({ q: searchSchema.optional() });

/** By code point, as UTF-8 bytes sort; JavaScript's own `<` compares UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    // Surrogates stand for code points above U+FFFF and sort after every other unit.
    const leftHigh = left >= 0xd800 && left <= 0xdfff;
    const rightHigh = right >= 0xd800 && right <= 0xdfff;
    return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1;
  }
  return a.length - b.length;
}

/** The order of a page: by the field, strings by code point, ties by `id` in the same direction. */
export function compareOrders(sort: Sort): (a: Order, b: Order) => number {
  const sign = sort.descending ? -1 : 1;
  const { field } = sort;
  if (field === "id") return (a, b) => sign * (a.id - b.id);
  return (a, b) => sign * (compareCodePoints(a[field], b[field]) || a.id - b.id);
}

/** Whether `q` finds the order: a part of either name, in any case (Unicode simple folding), or its exact id. */
export function searchMatcher(
  q: string,
): (order: Pick<Order, "id" | "customer_name" | "product_name">) => boolean {
  if (q === "") return () => true;
  // With the `u` flag, `i` folds as CaseFolding.txt's simple foldings do.
  const pattern = new RegExp(q.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu");
  const id = searchedId(q);
  return (order) => order.id === id || pattern.test(order.customer_name) || pattern.test(order.product_name);
}

/** The id that a search text names, if it is one. */
export function searchedId(q: string): number | null {
  return /^[1-9]\d{0,9}$/.test(q) ? Number(q) : null;
}
