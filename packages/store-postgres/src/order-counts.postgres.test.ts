import type { Change } from "@live-orders/protocol/change";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { type SeededRandom, seededRandom } from "@live-orders/testkit/seeded-random";
import { StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, openStore, QUIET } from "../test/postgres-stores.ts";
import { Database } from "./database.ts";
import { OrderCounts } from "./order-counts.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
let store: OpenPostgresStore;
let psql: Client;
beforeEach(async () => {
  store = await openStore({ url: postgres.url });
  psql = await connect(postgres.url);
});
afterEach(async () => {
  await psql.end();
  await store.close();
});

const add = (from: number, to: number) =>
  psql.query(
    "INSERT INTO orders SELECT id, 'a', 'b', 'pending', now() FROM generate_series($1::int, $2) id",
    [from, to],
  );

const WRITERS = 4;
const TRANSACTIONS = 60;
const IDS = 30;

const WRITES: readonly ((id: number, status: Status) => [string, unknown[]])[] = [
  (id, status) => [
    `INSERT INTO orders VALUES ($1, 'a', 'b', $2, now()) ON CONFLICT (id) DO UPDATE SET status = excluded.status`,
    [id, status],
  ],
  (id) => ["DELETE FROM orders WHERE id = $1", [id]],
  (id) => ["UPDATE orders SET customer_name = customer_name || 'x' WHERE id = $1", [id]],
];

/** One transaction of a few statements, each of them on some of the same few orders. */
async function writeSomething(client: Client, random: SeededRandom): Promise<void> {
  await client.query("BEGIN");
  const ids = Array.from({ length: random.int(1, 4) }, () => random.int(1, IDS)).sort((a, b) => a - b);
  for (const id of ids) {
    const [statement, values] = random.pick(WRITES)(id, random.pick(STATUSES));
    await client.query(statement, values);
  }
  await client.query(random.chance(0.8) ? "COMMIT" : "ROLLBACK");
}

async function write(random: SeededRandom, transactions: number): Promise<void> {
  const client = await connect(postgres.url);
  for (let done = 0; done < transactions; done += 1) await writeSomething(client, random);
  await client.end();
}

/** Reads over and over until it is told to stop, and once more after that. */
function readAlong(read: () => Promise<Counts>): { stop(): Promise<Counts[]> } {
  const all: Counts[] = [];
  let isOver = false;
  const reading = (async () => {
    while (!isOver) all.push(await read());
  })();
  return {
    stop: async () => {
      isOver = true;
      await reading;
      return [...all, await read()];
    },
  };
}

/** The orders as of each position, by the feed alone. */
function* countsAlong(changes: readonly Change[], positions: readonly string[]) {
  const rows = new Map<number, Order>();
  let next = 0;
  for (const position of positions) {
    for (; (changes[next]?.position ?? "~") <= position; next += 1) {
      const change = changes[next];
      if (change?.after) rows.set(change.id, change.after);
      else if (change) rows.delete(change.id);
    }
    const of = (status: string) => [...rows.values()].filter((row) => row.status === status).length;
    const total = rows.size;
    yield { pending: of("pending"), shipped: of("shipped"), delivered: of("delivered"), total, position };
  }
}

const neverMended = () => Promise.reject(new Error("the table is there"));

const byPosition = (a: Counts, b: Counts): number => (a.position < b.position ? -1 : 1);

it("counts are those of the changes up to their position, on every node, while others write", async () => {
  const other = await openStore({ url: postgres.url });
  const feed = StoreFeedRecorder.ofSource(store.source);
  await feed.opened();
  const readers = [store, other].map(({ orders }) => readAlong(() => orders.counts("")));
  const random = seededRandom(1);
  await Promise.all(Array.from({ length: WRITERS }, () => write(random.fork(), TRANSACTIONS)));
  const read = (await Promise.all(readers.map((reader) => reader.stop()))).flat();
  await feed.reached((await store.orders.now()).position);
  const sorted = read.sort(byPosition);
  expect(new Set(sorted.map(({ position }) => position)).size).toBeGreaterThan(20);
  expect(sorted).toEqual([
    ...countsAlong(
      feed.changes,
      sorted.map(({ position }) => position),
    ),
  ]);
  await feed.stop();
  await other.close();
});

it("two nodes' counts are the rows', while the outbox is pruned and the table is emptied under them", async () => {
  const other = await openStore({ url: postgres.url });
  const database = new Database(postgres.url, QUIET, 2);
  /** Knows nothing of before, so that it reads the rows. */
  const rows = () => new OrderCounts(database, neverMended).read("");
  const random = seededRandom(2);
  for (let round = 0; round < 8; round += 1) {
    const nodes = [store, other].map(({ orders }) => readAlong(() => orders.counts("")));
    const oracle = readAlong(rows);
    await Promise.all([
      ...Array.from({ length: WRITERS }, () => write(random.fork(), 8)),
      (async () => {
        for (let done = 0; done < 5; done += 1) {
          await psql.query("SELECT live_orders.prune_outbox(interval '0 s', $1)", [random.int(1, 20)]);
        }
        if (round % 2 === 1) await psql.query("TRUNCATE orders");
      })(),
    ]);
    const byRows = new Map((await oracle.stop()).map((counts) => [counts.position, counts]));
    for (const read of await Promise.all(nodes.map((reader) => reader.stop()))) {
      const known = read.filter(({ position }) => byRows.has(position));
      expect(known).toEqual(known.map(({ position }) => byRows.get(position)));
      expect(known.at(-1)).toBe(read.at(-1));
    }
  }
  await database.close();
  await other.close();
});

describe("what the outbox does not tell of, a rewrite of the rows in place", () => {
  let database: Database;
  let nowMs: number;
  let counts: OrderCounts;
  beforeEach(async () => {
    database = new Database(postgres.url, QUIET, 2);
    nowMs = 5;
    counts = new OrderCounts(database, neverMended, () => nowMs);
    await add(1, 3);
    expect(await counts.read("")).toMatchObject({ pending: 3, total: 3 });
    await psql.query("ALTER TABLE orders ALTER COLUMN status TYPE text USING 'shipped'");
  });
  afterEach(() => database.close());

  it("is counted a minute after the rows were last read, and not before, however often somebody asks", async () => {
    await add(4, 4);
    nowMs += 30_000;
    expect(await counts.read("")).toMatchObject({ pending: 4, shipped: 0, total: 4 });
    nowMs += 29_999;
    expect(await counts.read("")).toMatchObject({ pending: 4, shipped: 0, total: 4 });
    nowMs += 1;
    expect(await counts.read("")).toMatchObject({ pending: 1, shipped: 3, total: 4 });
    await psql.query("ALTER TABLE orders ALTER COLUMN status TYPE text USING 'delivered'");
    nowMs += 59_999;
    expect(await counts.read("")).toMatchObject({ shipped: 3, delivered: 0 });
    nowMs += 1;
    expect(await counts.read("")).toMatchObject({ shipped: 0, delivered: 4 });
  });

  it("is counted at once where there would be less than no orders", async () => {
    await psql.query("UPDATE orders SET status = 'delivered' WHERE id = 1");
    expect(await counts.read("")).toMatchObject({ pending: 0, shipped: 2, delivered: 1, total: 3 });
  });

  it("is counted at once with a search, whose counts are never followed", async () => {
    expect(await counts.read("a")).toMatchObject({ pending: 0, shipped: 3 });
    expect(await counts.read("")).toMatchObject({ pending: 3, shipped: 0 });
  });
});

describe("counts are right again at once after", () => {
  beforeEach(async () => {
    await add(1, 3);
    expect(await store.orders.counts("")).toMatchObject({ pending: 3, total: 3 });
    await psql.query("UPDATE orders SET status = 'shipped' WHERE id = 1");
    expect(await store.orders.counts("")).toMatchObject({ pending: 2, shipped: 1, total: 3 });
  });

  it("more changes than a node follows one by one", async () => {
    await add(4, 10_503);
    expect(await store.orders.counts("")).toMatchObject({ pending: 10_502, total: 10_503 });
  });

  it("the outbox was pruned past what the node knew", async () => {
    await add(4, 5);
    await psql.query("SELECT live_orders.prune_outbox(interval '0 s', 1000)");
    expect(await store.orders.counts("")).toMatchObject({ pending: 4, total: 5 });
  });

  it("TRUNCATE", async () => {
    await psql.query("TRUNCATE orders");
    await add(1, 1);
    expect(await store.orders.counts("")).toMatchObject({ pending: 1, shipped: 0, total: 1 });
  });

  it("another table has taken the place", async () => {
    await psql.query("DROP TABLE orders");
    expect(await store.orders.counts("")).toMatchObject({ pending: 0, shipped: 0, total: 0 });
    await add(1, 2);
    expect(await store.orders.counts("")).toMatchObject({ pending: 2, total: 2 });
  });

  it("a rule of the table was taken away, and a row breaks it", async () => {
    await psql.query("ALTER TABLE orders DROP CONSTRAINT orders_customer_name_text");
    await psql.query("UPDATE orders SET customer_name = '' WHERE id = 1");
    expect(await store.orders.counts("")).toMatchObject({ pending: 2, shipped: 0, total: 2 });
  });
});
