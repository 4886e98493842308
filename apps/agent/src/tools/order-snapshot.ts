import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { searchMatcher } from "@live-orders/protocol/order-query";
import type { Position } from "@live-orders/protocol/position";
import type { Status } from "@live-orders/protocol/status";
import { orderPages } from "../watch/order-pages.ts";
import { answered, ToolFailure } from "./read-tool.ts";

export interface OrderFilter {
  readonly statuses: readonly Status[];
  /** Empty: no search. */
  readonly text: string;
}

export interface OrderSnapshot {
  /** By id. */
  readonly orders: readonly Order[];
  readonly position: Position;
}

/** Up to this id the orders are as of this position. */
interface ReadPart {
  readonly upTo: number;
  readonly position: Position;
}

const CHANGES = 1000;
const MAX_READS = 50;

/**
 * All orders of a filter as of one position, though each page is as of its own: what changed from the first page on is
 * laid over them.
 *
 * @throws ToolFailure if there are more than 100,000, or they change faster than they can be read
 */
export async function orderSnapshot(
  api: Pick<OrdersApi, "list" | "changes">,
  filter: OrderFilter,
  signal: AbortSignal,
): Promise<OrderSnapshot> {
  const orders = new Map<number, Order>();
  const parts: ReadPart[] = [];
  let cursor: string | null = null;
  let isWhole = false;
  const query = {
    statuses: filter.statuses,
    q: filter.text,
    sort: { field: "id", descending: false },
  } as const;
  for await (const page of orderPages(api, query, signal)) {
    for (const order of page.orders) orders.set(order.id, order);
    isWhole = page.next === null;
    const upTo = isWhole ? Number.POSITIVE_INFINITY : (page.orders.at(-1)?.id ?? parts.at(-1)?.upTo ?? 0);
    parts.push({ upTo, position: page.position });
    cursor ??= page.cursor;
  }
  const last = parts.at(-1);
  if (!isWhole || last === undefined || cursor === null) {
    throw new ToolFailure("There are too many orders to look through all of them");
  }
  if (parts.length === 1) return { orders: [...orders.values()], position: last.position };
  const position = await catchUp(api, filter, { cursor, upTo: last.position, signal }, (change) =>
    lay(orders, parts, filter, change),
  );
  return { orders: [...orders.values()].sort((a, b) => a.id - b.id), position };
}

async function catchUp(
  api: Pick<OrdersApi, "changes">,
  { statuses }: OrderFilter,
  from: { readonly cursor: string; readonly upTo: Position; readonly signal: AbortSignal },
  take: (change: Change) => void,
): Promise<Position> {
  let after = from.cursor;
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    const query = { statuses, after, limit: CHANGES, wait: 1 };
    const batch = answered(await api.changes(query, { signal: from.signal, tries: 3 }));
    batch.changes.forEach(take);
    if (!batch.more && batch.position >= from.upTo) return batch.position;
    after = batch.cursor;
  }
  throw new ToolFailure("The orders change faster than they can be read: ask again");
}

function lay(
  orders: Map<number, Order>,
  parts: readonly ReadPart[],
  { statuses, text }: OrderFilter,
  { id, after, position }: Change,
): void {
  const read = parts.find(({ upTo }) => id <= upTo);
  if (read !== undefined && position <= read.position) return;
  if (after !== null && statuses.includes(after.status) && searchMatcher(text)(after)) orders.set(id, after);
  else orders.delete(id);
}
