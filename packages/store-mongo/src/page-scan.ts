import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { SortField } from "@live-orders/protocol/order-query";
import type { PageQuery } from "@live-orders/store/order-store";
import { type Document, MaxKey, MinKey } from "mongodb";
import { PLACEABLE } from "./order-model.ts";
import { searchFilter } from "./order-search.ts";
import type { PagePlace } from "./page-cursor.ts";

/** One `find` of a page: it reads from where the page before ended, in one direction, along one index. */
export interface PageScan {
  readonly filter: Document;
  readonly hint: Document;
  /** Inclusive. */
  readonly min?: Document;
  /** Exclusive. */
  readonly max?: Document;
  readonly sort: Record<string, 1 | -1>;
}

type Query = Pick<PageQuery, "statuses" | "q" | "sort">;

const columnOf = (field: SortField): string => (field === "id" ? "_id" : field);

/**
 * The scans whose rows, merged, are a page. A search reads the rows as they lie (by an index it would fetch each of
 * 100,000 on its own: 404 ms instead of 60). All statuses are one scan of the field's index, fewer are one scan each
 * of the status's part of an index. `min` and `max` rather than a filter bound them: an `$or` over (value, id) would
 * read all rows of one value again for each page within it.
 */
export function pageScans(query: Query, after: PagePlace | null): PageScan[] {
  if (query.q !== "") return [searchScan(query, after)];
  const all = STATUSES.every((status) => query.statuses.includes(status));
  if (all) return [wholeScan(query, after)];
  return query.statuses.flatMap((status) => statusScan(query, status, after));
}

function sortOf({ sort: { field, descending } }: Query): Record<string, 1 | -1> {
  const direction = descending ? -1 : 1;
  return field === "id" ? { _id: direction } : { [field]: direction, _id: direction };
}

function keyOf(field: SortField, { value, id }: PagePlace): Document {
  if (field === "id" || value === null) return { _id: id };
  return { [field]: field === "updated_at" ? new Date(value) : value, _id: id };
}

/** The key right after a row in the index: ids are whole numbers. */
const following = (key: Document, id: number): Document => ({ ...key, _id: id + 1 });

function wholeScan(query: Query, after: PagePlace | null): PageScan {
  const { field, descending } = query.sort;
  const hint = field === "id" ? { _id: 1 } : { [field]: 1, _id: 1 };
  const scan = { filter: PLACEABLE[field], hint, sort: sortOf(query) };
  if (after === null) return scan;
  const key = keyOf(field, after);
  return descending ? { ...scan, max: key } : { ...scan, min: following(key, after.id) };
}

function statusScan(query: Query, status: Status, after: PagePlace | null): PageScan[] {
  const { field, descending } = query.sort;
  const within = field === "id" || field === "status" ? ["_id"] : [columnOf(field), "_id"];
  const hint = Object.fromEntries(["status", ...within].map((column) => [column, 1]));
  const edge = (key: MinKey | MaxKey): Document =>
    Object.fromEntries([["status", status], ...within.map((column): [string, unknown] => [column, key])]);
  const whole = { min: edge(new MinKey()), max: edge(new MaxKey()) };
  const scan = { filter: { $and: [PLACEABLE[field], { status }] }, hint, sort: sortOf(query), ...whole };
  if (after === null) return [scan];
  if (field === "status" && status !== after.value) {
    const passed = after.value !== null && status < after.value !== descending;
    return passed ? [] : [scan];
  }
  const key = { status, ...keyOf(field, after) };
  return [descending ? { ...scan, max: key } : { ...scan, min: following(key, after.id) }];
}

function searchScan(query: Query, after: PagePlace | null): PageScan {
  const found = [
    searchFilter(query.q),
    PLACEABLE[query.sort.field],
    { status: { $in: [...query.statuses] } },
  ];
  const conditions = after === null ? found : [...found, beyond(query, after)];
  return { filter: { $and: conditions }, hint: { $natural: 1 }, sort: sortOf(query) };
}

function beyond({ sort: { field, descending } }: Query, after: PagePlace): Document {
  const operator = descending ? "$lt" : "$gt";
  const { _id, ...value } = keyOf(field, after);
  const sameValue = { ...value, _id: { [operator]: after.id } };
  if (field === "id") return sameValue;
  return { $or: [{ [field]: { [operator]: value[field] as unknown } }, sameValue] };
}
