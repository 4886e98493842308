import { SORT_FIELDS, type Sort } from "@live-orders/protocol/order-query";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { OrderStore, PageQuery } from "@live-orders/store/order-store";
import { startReplicaSet } from "@live-orders/testkit/mongo-replica-set";
import { seededRandom, type SeededRandom } from "@live-orders/testkit/seeded-random";
import { MongoClient } from "mongodb";
import { openMongoStore } from "../src/mongo-store.ts";

/** How long reads take with 100,000 orders: pages at any depth, searches, counts. Run it with tsx. */
const ROWS = 100_000;
const ROUNDS = 41;

const out = (line: string): void => void process.stdout.write(`${line}\n`);

async function fill(uri: string, random: SeededRandom): Promise<void> {
  const client = new MongoClient(uri);
  const orders = client.db("live_orders").collection<{ _id: number }>("orders");
  const people = [
    "Claire Gute",
    "Darrin Van Huff",
    "Sean O'Donnell",
    "Brosina Hoffman",
    "Zuschuss Donatelli",
  ];
  const things = [
    "Bush Somerset Collection Bookcase",
    "Self-Adhesive Address Labels",
    "Slim Rectangular Table",
  ];
  for (let from = 1; from <= ROWS; from += 5000) {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      _id: from + index,
      customer_name: `${random.pick(people)} ${random.int(1, 9999)}`,
      product_name: `${random.pick(things)} ${random.int(1, 99)}`,
      status: random.pick(STATUSES),
      updated_at: new Date(Date.UTC(2024, 0, 1) + random.int(0, 10 ** 9)),
    }));
    await orders.insertMany(rows);
  }
  await client.close();
}

async function measure(name: string, step: (round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await step(round);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor((ROUNDS - 1) * share)] ?? 0).toFixed(1).padStart(7);
  out(`${name.padEnd(48)} median ${at(0.5)} ms   p95 ${at(0.95)} ms`);
}

/** The `next` of pages at many depths. */
async function depths(store: OrderStore, query: Omit<PageQuery, "after">): Promise<(string | null)[]> {
  const found: (string | null)[] = [null];
  let after: string | null = null;
  do {
    const page = await store.page({ ...query, limit: 500, after });
    after = page.kind === "page" ? page.next : null;
    if (after !== null) found.push(after);
  } while (after !== null);
  return found;
}

async function measurePages(
  store: OrderStore,
  statuses: readonly Status[],
  sort: Sort,
  random: SeededRandom,
) {
  const query = { statuses, q: "", sort, limit: 100 };
  const found = await depths(store, query);
  const name = `page, ${sort.descending ? "-" : ""}${sort.field}, ${statuses.length} of 3 statuses`;
  await measure(name, () => store.page({ ...query, after: random.pick(found) }));
}

async function run(store: OrderStore): Promise<void> {
  const random = seededRandom(1);
  for (const field of SORT_FIELDS) {
    await measurePages(store, STATUSES, { field, descending: true }, random);
    await measurePages(store, ["pending", "shipped"], { field, descending: false }, random);
  }
  const sort = { field: "updated_at", descending: true } as const;
  for (const q of ["hoff", "a", "4242", "no such name", "\u212ai"]) {
    await measure(`search ${JSON.stringify(q)}, a page of 100`, () =>
      store.page({ statuses: STATUSES, q, sort, limit: 100, after: null }),
    );
    await measure(`search ${JSON.stringify(q)}, counts`, () => store.counts(q));
  }
  await measure("counts", () => store.counts(""));
  await measure("get", (round) => store.get(round + 1));
  await measure("now", () => store.now());
  await measure("create", () =>
    store.write({
      operations: [{ op: "create", order: { customer_name: "a", product_name: "b", status: "pending" } }],
    }),
  );
}

const set = await startReplicaSet();
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const store = await openMongoStore({ uri: set.uri, logger });
try {
  if (store.kind === "refused") throw new Error(store.reason);
  await fill(set.uri, seededRandom(7));
  await run(store.orders);
} finally {
  if (store.kind === "open") await store.close();
  await set.dispose();
}
