import { readFile } from "node:fs/promises";
import type { BulkOperationInput, OrdersApi } from "@live-orders/client/orders-api";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { parse } from "csv-parse/sync";
import { z } from "zod";

const rowSchema = z.object({
  "Row ID": z.coerce.number(),
  "Order Date": z.string(),
  "Ship Date": z.string(),
  "Customer Name": z.string(),
  "Product Name": z.string(),
});

/** A row of the file. Times are in ms since 1970, as if the file had ended now. */
interface PastRow {
  readonly id: number;
  readonly customer_name: string;
  readonly product_name: string;
  /** When it came to each status. */
  readonly at: Readonly<Record<Status, number>>;
}

/** An order as the test knows it from its own writes. */
export interface KnownOrder {
  readonly id: number;
  readonly customer_name: string;
  readonly status: Status;
  /** Since when it has been in its status, in ms. */
  readonly sinceMs: number;
}

/** A write that was carried out, and when (the order's own time, in ms). */
export interface KnownWrite {
  readonly kind: "created" | "renamed" | "deleted" | Status;
  readonly id: number;
  readonly atMs: number;
}

export interface Replay {
  readonly orders: ReadonlyMap<number, KnownOrder>;
  /** Those that were made live, after a pause. */
  readonly writes: readonly KnownWrite[];
  readonly imported: Readonly<Record<Status, number>>;
  readonly liveFromMs: number;
  /** One that came in, shipped and was delivered live. */
  readonly one: number;
  /** One that was deleted. */
  readonly gone: number;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** How much of the past is played live. */
const LIVE_MS = 4 * DAY;
const STEPS: readonly Status[] = ["pending", "shipped", "delivered"];

/**
 * Imports the file's orders as they stood some days before its end, with their dates, waits a little, and then plays
 * those days live: orders come in, ship and are delivered; some are renamed, moved back or deleted.
 */
export async function replaySuperstore(api: OrdersApi, file: string, nowMs: number): Promise<Replay> {
  const rows = await readRows(file, nowMs);
  const liveMs = nowMs - LIVE_MS;
  const orders = new Map<number, KnownOrder>();
  const imported = { pending: 0, shipped: 0, delivered: 0 };
  const past = rows.filter(({ at }) => at.pending < liveMs);
  for (let start = 0; start < past.length; start += 1000) {
    const chunk = past.slice(start, start + 1000);
    await write(
      api,
      chunk.map((row) => importOf(row, liveMs)),
    );
    for (const { id, customer_name, at } of chunk) {
      const status = statusAt(at, liveMs);
      orders.set(id, { id, customer_name, status, sinceMs: at[status] });
      imported[status] += 1;
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const liveFromMs = Date.now();
  const writes: KnownWrite[] = [];
  const note = (kind: KnownWrite["kind"], { id, customer_name, status, updated_at }: Order): void => {
    const atMs = kind === "deleted" ? Date.now() : Date.parse(updated_at);
    writes.push({ kind, id, atMs });
    const sinceMs = kind === "renamed" ? (orders.get(id)?.sinceMs ?? atMs) : atMs;
    if (kind === "deleted") orders.delete(id);
    else orders.set(id, { id, customer_name, status, sinceMs });
  };
  for (const { row, status } of eventsOf(rows, liveMs, nowMs)) {
    const { id, customer_name, product_name } = row;
    const answer =
      status === "pending"
        ? await api.put(id, { customer_name, product_name, status })
        : await api.patch(id, { status });
    note(status === "pending" ? "created" : status, orderOf(answer));
  }
  const [first, second, third, fourth] = [...orders.values()].filter(({ status }) => status === "pending");
  for (const order of [first, second]) {
    note("renamed", orderOf(await api.patch(order?.id ?? 0, { product_name: "Renamed" })));
  }
  note("deleted", orderOf(await api.remove(third?.id ?? 0)));
  note("shipped", orderOf(await api.patch(fourth?.id ?? 0, { status: "shipped" })));
  note("pending", orderOf(await api.patch(fourth?.id ?? 0, { status: "pending" })));
  const whole = writes.find(({ kind, id }) => kind === "delivered" && isCreatedIn(writes, id));
  if (whole === undefined || third === undefined) throw new Error("the file has no such orders");
  return { orders, writes, imported, liveFromMs, one: whole.id, gone: third.id };
}

const isCreatedIn = (writes: readonly KnownWrite[], wanted: number): boolean =>
  writes.some(({ kind, id }) => kind === "created" && id === wanted);

async function readRows(file: string, nowMs: number): Promise<PastRow[]> {
  const text = await readFile(file, "utf8");
  const rows = z.array(rowSchema).parse(parse(text, { columns: true, bom: true }));
  const dayOf = (date: string): number => Date.parse(`${date} UTC`);
  const end = Math.max(...rows.map((row) => dayOf(row["Order Date"])));
  // Far from a whole number of days ago, so that no age is a day exactly.
  const shift = nowMs - 5 * HOUR - end;
  return rows.map((row) => {
    const id = row["Row ID"];
    const pending = dayOf(row["Order Date"]) + shift;
    const shipped = Math.max(dayOf(row["Ship Date"]) + shift, pending + HOUR);
    const delivered = shipped + ((id % 7) + 1) * DAY;
    const names = { customer_name: row["Customer Name"].trim(), product_name: row["Product Name"].trim() };
    return { id, ...names, at: { pending, shipped, delivered } };
  });
}

const statusAt = (at: PastRow["at"], ms: number): Status =>
  STEPS.findLast((status) => at[status] < ms) ?? "pending";

function importOf({ id, customer_name, product_name, at }: PastRow, ms: number): BulkOperationInput {
  const status = statusAt(at, ms);
  const updated_at = new Date(at[status]).toISOString();
  return { op: "put", id, order: { customer_name, product_name, status, updated_at } };
}

function eventsOf(rows: readonly PastRow[], fromMs: number, toMs: number) {
  const events = rows.flatMap((row) =>
    STEPS.flatMap((status) => {
      const atMs = row.at[status];
      return atMs >= fromMs && atMs < toMs ? [{ row, status, atMs }] : [];
    }),
  );
  return events.sort((a, b) => a.atMs - b.atMs);
}

async function write(api: OrdersApi, operations: readonly BulkOperationInput[]): Promise<void> {
  const answer = await api.bulk(operations);
  const isDone = answer.ok && answer.value.results.every(({ status }) => status === 201);
  if (!isDone) throw new Error(`not imported: ${JSON.stringify(answer).slice(0, 500)}`);
}

function orderOf(answer: Awaited<ReturnType<OrdersApi["patch"]>>): Order {
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value.order;
}
