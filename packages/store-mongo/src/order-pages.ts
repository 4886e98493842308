import { orderIdSchema, type Order } from "@live-orders/protocol/order";
import type { SortField } from "@live-orders/protocol/order-query";
import type { PageAnswer, PageQuery } from "@live-orders/store/order-store";
import type { ClientSession } from "mongodb";
import { z } from "zod";
import type { Deadline } from "./deadline.ts";
import { COLUMNS, orderOrNull } from "./order-image.ts";
import type { OrderModel } from "./order-model.ts";
import type { OrdersHome } from "./orders-home.ts";
import { comparePagePlaces, decodePageCursor, encodePageCursor, type PagePlace } from "./page-cursor.ts";
import { pageScans, type PageScan } from "./page-scan.ts";

interface Row {
  readonly place: PagePlace;
  /** Null if the row breaks the table. */
  readonly order: Order | null;
}

/** A page as of one instant. Rows that break the table are left out, and do not stop the paging. */
export async function readPage(
  home: OrdersHome,
  model: OrderModel,
  query: PageQuery,
  deadline: Deadline,
): Promise<PageAnswer> {
  const after = query.after === null ? null : decodePageCursor(query, query.after);
  if (query.after !== null && after === null) return { kind: "bad-page-cursor" };
  const scans = pageScans(query, after);
  const { value: rows, at } = await home.snapshotWithin(deadline, async (session) => {
    const found: Row[] = [];
    // One after the other: a session is not for statements at the same time.
    for (const scan of scans) found.push(...(await runScan(model, query, scan, session, deadline)));
    // Without a statement there would be no instant to speak of.
    if (scans.length === 0) await model.findOne({}, { _id: 1 }, { session }).lean();
    return found;
  });
  const compare = comparePagePlaces(query);
  const merged = scans.length > 1 ? rows.sort((a, b) => compare(a.place, b.place)) : rows;
  const page = merged.slice(0, query.limit);
  const last = page.at(-1);
  const next = merged.length > page.length && last ? encodePageCursor(query, last.place) : null;
  return { kind: "page", orders: page.flatMap(({ order }) => order ?? []), next, at };
}

async function runScan(
  model: OrderModel,
  { limit, sort }: PageQuery,
  { filter, ...options }: PageScan,
  session: ClientSession,
  deadline: Deadline,
): Promise<Row[]> {
  const bounds = { limit: limit + 1, batchSize: limit + 2, session, maxTimeMS: deadline.maxTimeMS() };
  const documents: unknown[] = await model
    .find(filter, COLUMNS, { ...options, ...bounds })
    .lean()
    .exec();
  return documents.map((document) => ({
    place: placeIn(sort.field, document),
    order: orderOrNull(document),
  }));
}

const keySchema = z.looseObject({ _id: orderIdSchema });
const valueSchema = z.union([z.string(), z.date().transform((date) => date.toISOString())]);

/** The scans find only rows that have a place. */
function placeIn(field: SortField, document: unknown): PagePlace {
  const key = keySchema.parse(document);
  return { value: field === "id" ? null : valueSchema.parse(key[field]), id: key._id };
}
