import {
  sortSchema,
  searchSchema,
  type Sort,
  DEFAULT_SORT,
  formatSort,
} from "@live-orders/protocol/order-query";
import { orderIdSchema } from "@live-orders/protocol/order";
import { STATUSES, statusSchema, type Status } from "@live-orders/protocol/status";
import { z } from "zod";

/**
 * What the address holds of the orders page: `?status=pending&q=chair&sort=customer_name&order=12`. A part that is
 * wrong counts as absent, so that any address opens the page.
 */
export const ordersSearchSchema = z.object({
  status: statusSchema.optional().catch(undefined),
  q: searchSchema
    .transform((text) => (text === "" ? undefined : text))
    .optional()
    .catch(undefined),
  sort: z
    .string()
    .refine((text) => sortSchema.safeParse(text).success && text !== formatSort(DEFAULT_SORT))
    .optional()
    .catch(undefined),
  /** The order that the panel shows, or `new`. */
  order: z
    .union([z.literal("new"), z.coerce.number().pipe(orderIdSchema)])
    .optional()
    .catch(undefined),
});
export type OrdersSearch = z.infer<typeof ordersSearchSchema>;

/** What the table shows, in the words of `GET /api/orders`. */
export interface OrdersFilter {
  readonly statuses: readonly Status[];
  readonly q: string;
  readonly sort: Sort;
}

export function filterOf({ status, q, sort }: OrdersSearch): OrdersFilter {
  return {
    statuses: status === undefined ? STATUSES : [status],
    q: q ?? "",
    sort: sort === undefined ? DEFAULT_SORT : sortSchema.parse(sort),
  };
}

/** Where the file is of what the table shows. */
export function exportHref({ statuses, q, sort }: OrdersFilter): string {
  const query = new URLSearchParams(statuses.map((status) => ["status", status]));
  if (q !== "") query.set("q", q);
  query.set("sort", formatSort(sort));
  return `/api/orders.csv?${query.toString()}`;
}

/** The next sort when a column's head is pressed: the other direction, or that column's natural one. */
export function toggleSort(current: Sort, field: Sort["field"]): Sort {
  if (current.field === field) return { field, descending: !current.descending };
  return { field, descending: field === "updated_at" || field === "id" };
}

/** The sort as it stands in the address; the default one is left out. */
export const sortParam = (sort: Sort): string | undefined => {
  const text = formatSort(sort);
  return text === formatSort(DEFAULT_SORT) ? undefined : text;
};
