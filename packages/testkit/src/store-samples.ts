import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import type { OrderStore } from "@live-orders/store/order-store";
import type { PageQuery } from "@live-orders/store/order-store";
import type { WriteOperation, WriteResult } from "@live-orders/store/write-plan";
import type { SeededRandom } from "./seeded-random.ts";

/** Names that sort, fold or escape in ways that differ between languages and databases. */
export const ODD_NAMES = [
  "Kelvin \u212a",
  "kelvin k",
  "KELVIN K",
  "long \u017f",
  "LONG S",
  "stra\u00dfe",
  "STRA\u1e9eE",
  "STRASSE",
  "\u03c3\u03c2 \u03a3",
  "\u03a3\u039f\u03a6\u039f\u03a3",
  "\u0130stanbul",
  "istanbul",
  "ISTANBUL",
  "\u0131s\u0131",
  "\u00c5ngstr\u00f6m",
  "\u212bngstr\u00f6m",
  "a\u030angstrom",
  "\u13a0\uab70 Cherokee",
  "\u{1e900}\u{1e922} Adlam",
  "\u{10400}\u{10428} Deseret",
  "\u01c5 \u01c4 \u01c6",
  "\ufb01 ligature",
  "\uffee last of the plane",
  "\u{1f600} smile",
  "100% _under\\score",
  "a.b*c+d?(e)[f]{g}|h^i$",
  "'; DROP TABLE orders; --",
  '{"$gt": ""}',
  "  outer spaces  ",
  "\u00a0no-break\u00a0",
  "Zo\u00eb",
  "zoe",
  "\u00c9t\u00e9",
  "\u00e9T\u00c9",
  "\u03bc micro \u00b5",
  "\u03c9 \u2126 ohm",
  "\u1c88 \ua64a",
  "10",
  "9",
  "O'Brien",
] as const;

export const orderOf = (id: number, fields: Partial<Order> = {}): Order => ({
  id,
  customer_name: `Customer ${id}`,
  product_name: `Product ${id}`,
  status: "pending",
  updated_at: new Date(Date.UTC(2024, 0, 1) + id).toISOString(),
  ...fields,
});

/** Rows with odd names and many ties. */
export function oddOrders(count: number, random: SeededRandom): Order[] {
  return Array.from({ length: count }, (_, index) =>
    orderOf(index * 3 + 1, {
      customer_name: random.pick(ODD_NAMES),
      product_name: random.pick(ODD_NAMES),
      status: random.pick(STATUSES),
      updated_at: new Date(Date.UTC(2024, 0, 1) + random.int(0, 20)).toISOString(),
    }),
  );
}

export const wholeQuery: PageQuery = {
  statuses: STATUSES,
  q: "",
  sort: { field: "id", descending: false },
  limit: 500,
  after: null,
};

/** All rows of a query, page by page; fails if a page is longer than asked, or if the paging does not end. */
export async function readAll(store: OrderStore, query: Partial<PageQuery> = {}): Promise<Order[]> {
  const orders: Order[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 1000; pages += 1) {
    const limit = query.limit ?? wholeQuery.limit;
    const page = await store.page({ ...wholeQuery, ...query, after });
    if (page.kind !== "page") throw new Error("A page's own cursor was refused");
    if (page.orders.length > limit) throw new Error(`${page.orders.length} rows in a page of ${limit}`);
    orders.push(...page.orders);
    after = page.next;
    if (after === null) return orders;
  }
  throw new Error("The paging does not end");
}

/** Carries operations out and gives their results; fails on a key conflict. */
export async function carryOut(
  store: OrderStore,
  operations: readonly WriteOperation[],
  idempotency?: { key: string; fingerprint: string },
): Promise<readonly WriteResult[]> {
  const answer = await store.write(idempotency ? { operations, idempotency } : { operations });
  if (answer.kind !== "done") throw new Error("The key belongs to another request");
  return answer.results;
}

/** Carries one operation out that must write, or change nothing. */
export async function carryOutOne(store: OrderStore, operation: WriteOperation) {
  const [result] = await carryOut(store, [operation]);
  if (result?.kind !== "written" && result?.kind !== "unchanged") {
    throw new Error(`Not written: ${JSON.stringify(result)}`);
  }
  return result;
}

export const createOf = (name: string): WriteOperation => ({
  op: "create",
  order: { customer_name: name, product_name: "Chair", status: "pending" },
});
