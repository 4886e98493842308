import type { SortField } from "@live-orders/protocol/order-query";
import type { Status } from "@live-orders/protocol/status";
import type { ExportQuery, PageQuery } from "@live-orders/store/order-store";
import { NOW_COLUMNS } from "./feed-state.ts";
import { ORDER_COLUMNS } from "./order-image.ts";
import { searchCondition } from "./order-search.ts";
import type { PagePlace } from "./page-cursor.ts";
import { type Statement, StatementValues } from "./statement-values.ts";
import { WELL_FORMED } from "./well-formed.ts";

type Limit = number | "ALL";

const RAW_COLUMNS = "id, customer_name, product_name, status, updated_at";

/** The rows of a page in order, each with the position of now; one row of nulls if there are none. */
export function pageStatement(query: PageQuery, after: PagePlace | null, limit: number): Statement {
  const values = new StatementValues();
  const rows = query.q === "" ? byStatus(query, after, limit, values) : bySearch(query, after, limit, values);
  const text = `SELECT ${NOW_COLUMNS}, ${ORDER_COLUMNS} FROM live_orders.now n LEFT JOIN LATERAL (${rows}) p ON true`;
  return { text, values: values.all };
}

/** All rows of a query in order, without the position: for a cursor. */
export function exportStatement(query: ExportQuery): Statement {
  const values = new StatementValues();
  const rows = query.q === "" ? byStatus(query, null, "ALL", values) : bySearch(query, null, "ALL", values);
  return { text: `SELECT ${ORDER_COLUMNS} FROM (${rows}) p ORDER BY ${ordering(query)}`, values: values.all };
}

/**
 * The head of each status by its own index, then merged: this reads `limit` rows a status at any depth and under any
 * filter. A row whose status is none of the three is in no branch.
 */
function byStatus(
  query: ExportQuery,
  after: PagePlace | null,
  limit: Limit,
  values: StatementValues,
): string {
  const branches = query.statuses.map((status) => {
    const conditions = [`status COLLATE "C" = ${values.add(status)}`, WELL_FORMED];
    conditions.push(...keyset(query, after, values, status));
    return `(SELECT ${RAW_COLUMNS} FROM public.orders WHERE ${conditions.join(" AND ")}
      ORDER BY ${ordering(query, "status")} LIMIT ${limit})`;
  });
  return `SELECT * FROM (${branches.join(" UNION ALL ")}) b ORDER BY ${ordering(query)} LIMIT ${limit}`;
}

/** An index would be walked to its end for a rare text: read the table once as it lies, and keep the best rows. */
function bySearch(
  query: ExportQuery,
  after: PagePlace | null,
  limit: Limit,
  values: StatementValues,
): string {
  const conditions = [
    `status = ANY (${values.add(query.statuses)})`,
    WELL_FORMED,
    ...keyset(query, after, values),
    searchCondition(query.q, values),
  ];
  return `SELECT * FROM (SELECT ${RAW_COLUMNS} FROM public.orders WHERE ${conditions.join(" AND ")} OFFSET 0) b
    ORDER BY ${ordering(query)} LIMIT ${limit}`;
}

const SORTED: Record<SortField, string> = {
  id: "id",
  customer_name: 'customer_name COLLATE "C"',
  product_name: 'product_name COLLATE "C"',
  status: 'status COLLATE "C"',
  updated_at: "updated_at",
};

/** @param fixed a column that has one value only, which would keep the planner from the index */
function ordering({ sort }: ExportQuery, fixed?: SortField): string {
  const direction = sort.descending ? "DESC" : "ASC";
  const columns = sort.field === "id" || sort.field === fixed ? ["id"] : [SORTED[sort.field], "id"];
  return columns.map((column) => `${column} ${direction}`).join(", ");
}

/** What comes after the end of the page before. @param status the only status that the rows have */
function keyset(
  { sort }: ExportQuery,
  after: PagePlace | null,
  values: StatementValues,
  status?: Status,
): string[] {
  if (after === null) return [];
  const beyond = sort.descending ? "<" : ">";
  const id = () => values.add(after.id);
  if (after.value === null) return [`id ${beyond} ${id()}`];
  if (sort.field === "status" && status !== undefined) {
    if (status === after.value) return [`id ${beyond} ${id()}`];
    return [String(sort.descending ? status < after.value : status > after.value)];
  }
  const type = sort.field === "updated_at" ? "timestamptz" : 'text COLLATE "C"';
  return [`(${SORTED[sort.field]}, id) ${beyond} (${values.add(after.value)}::${type}, ${id()})`];
}
