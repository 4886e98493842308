import { SORT_FIELDS, type Sort } from "@live-orders/protocol/order-query";
import { STATUSES } from "@live-orders/protocol/status";
import { encodePageCursor } from "@live-orders/store-mongo/page-cursor";
import { startApi } from "@live-orders/testkit/api-process";
import { type Collection, MongoClient } from "mongodb";
import { insertOrders } from "../load/many-orders.ts";
import type { OrderRow } from "../load/workload.ts";
import { machineMs } from "../machine-clock.ts";
import type { FigureRow, Measure, MeasureContext } from "../measure.ts";
import { median } from "../quantiles.ts";

const DEPTHS = [0, 0.5, 0.95] as const;
const SORTS: readonly Sort[] = SORT_FIELDS.flatMap((field) => [
  { field, descending: false },
  { field, descending: true },
]);
/** Each page is read so often. */
const READS = 25;

/** What looks at the whole table and grows with it: in the table of figures, without a bound. */
const WHOLE_TABLE = {
  counts: "/counts",
  "search, 5 rows found": "?q=customer%2004321",
  "search, every row found": "?q=product",
  "search, none found": "?q=zzzz",
  "counts of a search": "/counts?q=customer%2004321",
};
/** Each is read so often. */
const SEARCHES = 7;

const nameOf = ({ field, descending }: Sort, depth: number): string =>
  `${descending ? "-" : ""}${field}, ${depth === 0 ? "first page" : `${depth * 100} % down`}`;

/** The address of the page of 100 that begins so far down. */
async function pagePath(rows: Collection<OrderRow>, sort: Sort, depth: number): Promise<string> {
  const path = `/api/orders?sort=${sort.descending ? "-" : ""}${sort.field}`;
  if (depth === 0) return path;
  const [field, direction] = [sort.field === "id" ? "_id" : sort.field, sort.descending ? -1 : 1] as const;
  const skipped = Math.floor(depth * (await rows.estimatedDocumentCount()));
  const found = await rows.findOne({}, { sort: { [field]: direction, _id: direction }, skip: skipped });
  if (found === null) throw new Error(`There is no row ${skipped} down`);
  const value = sort.field === "id" ? null : found[sort.field];
  const place = { value: value instanceof Date ? value.toISOString() : value, id: Number(found._id) };
  const query = { statuses: STATUSES, q: "", sort };
  return `${path}&after=${encodeURIComponent(encodePageCursor(query, place))}`;
}

async function readMs(url: string, reads = READS): Promise<number> {
  const times: number[] = [];
  for (let read = 0; read < reads; read += 1) {
    const began = machineMs();
    const response = await fetch(url);
    await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    times.push(machineMs() - began);
  }
  return median(times);
}

/** The median of each page and of the counts, in ms, with the orders that stand there. */
async function readAll({ set, say }: MeasureContext, rows: Collection<OrderRow>) {
  // What the rows were filled with is not what is measured: the history would still be recording them.
  const api = await startApi({ DATABASE_URL: set.uri, HISTORY_DAYS: "0" });
  const found = new Map<string, number>();
  for (const sort of SORTS) {
    for (const depth of DEPTHS) {
      const ms = await readMs(`${api.url}${await pagePath(rows, sort, depth)}`);
      found.set(nameOf(sort, depth), ms);
      say(`${nameOf(sort, depth)}: ${ms.toFixed(1)} ms`);
    }
  }
  for (const [name, path] of Object.entries(WHOLE_TABLE)) {
    const ms = await readMs(`${api.url}/api/orders${path}`, SEARCHES);
    found.set(name, ms);
    say(`${name}: ${ms.toFixed(1)} ms`);
  }
  await api.dispose();
  return found;
}

export const pages: Measure = {
  name: "pages",
  title: "The page API at 10,000, 100,000 and 1,000,000 orders",
  how:
    "A page of 100 orders, read 25 times, by each sort, at the top, half way and 95 % down. Counts and searches, which look at the whole table, are " +
    "read 7 times and have no bound. The history is off.",
  async run(context) {
    const client = await new MongoClient(context.set.uri).connect();
    const rows = client.db("live_orders").collection<OrderRow>("orders");
    const sizes = context.quick ? [10_000, 50_000] : [10_000, 100_000, 1_000_000];
    const found: (readonly [orders: number, ms: ReadonlyMap<string, number>])[] = [];
    let filled = 0;
    for (const orders of sizes) {
      await insertOrders(rows, filled + 1, orders);
      filled = orders;
      found.push([orders, await readAll(context, rows)]);
    }
    await client.close();
    const atFew = found[0]?.[1] ?? new Map<string, number>();
    const atMany = found.at(-1)?.[1] ?? new Map<string, number>();
    const ratio = (name: string): number =>
      (atMany.get(name) ?? Number.NaN) / (atFew.get(name) ?? Number.NaN);
    const names = [...atFew.keys()];
    const table = names.map((name): FigureRow => ({
      page: name,
      ...Object.fromEntries(
        found.map(([orders, ms]) => [`ms at ${orders.toLocaleString("en")}`, (ms.get(name) ?? 0).toFixed(1)]),
      ),
      ratio: ratio(name).toFixed(2),
    }));
    const worst = Math.max(...names.filter((name) => !(name in WHOLE_TABLE)).map(ratio));
    return { rows: table, findings: [{ bound: "pages-flat", value: worst }] };
  },
};
