import { z } from "zod";

/** The states of an order, in the order in which an order goes through them. */
export const STATUSES = ["pending", "shipped", "delivered"] as const;

export const statusSchema = z.enum(STATUSES);
export type Status = z.infer<typeof statusSchema>;

/** A set of statuses without doubles, in the order of `STATUSES`, so that equal sets are equal arrays. */
export function statusSet(statuses: Iterable<Status>): Status[] {
  const wanted = new Set(statuses);
  return STATUSES.filter((status) => wanted.has(status));
}
