import { eventually } from "@live-orders/testkit/eventually";
import { StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { carryOut, carryOutOne, createOf, readAll } from "@live-orders/testkit/store-samples";
import { startTcpProxy } from "@live-orders/testkit/tcp-proxy";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, openStore } from "../test/postgres-stores.ts";
import { FEED_APPLICATION } from "./outbox-listener.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
let store: OpenPostgresStore;
let feed: StoreFeedRecorder;
let psql: Client;
let closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  store = await openStore({ url: postgres.url });
  feed = StoreFeedRecorder.ofSource(store.source);
  await feed.opened();
  psql = await connect(postgres.url);
  closing = [() => psql.end(), () => feed.stop(), () => store.close()];
});
afterEach(async () => {
  for (const close of closing) await close();
});

/** Everything that is committed by now has been read. */
const caughtUp = async (): Promise<void> => {
  await eventually(async () => feed.reached((await store.orders.now()).position, 5_000), { within: 30_000 });
};

const insertRow = (id: number, name = "Ada"): string =>
  `INSERT INTO orders VALUES (${id}, '${name}', 'Chair', 'pending', '2024-01-01T00:00:00Z')`;

describe("direct writes", () => {
  it("a burst of 10,000 rows in one statement comes whole, in order, in batches of at most 1,000 and 1 MiB", async () => {
    await psql.query(`INSERT INTO orders SELECT i, 'Ada ' || i, repeat('x', 190), 'pending', now()
      FROM generate_series(1, 10000) i`);
    await psql.query("UPDATE orders SET status = 'shipped'");
    await caughtUp();
    expect(feed.changes).toHaveLength(20_000);
    expect(feed.changes.slice(0, 10_000).map(({ id }) => id)).toEqual(
      Array.from({ length: 10_000 }, (_, i) => i + 1),
    );
    for (const event of feed.events) {
      if (event.kind !== "batch") continue;
      expect(event.changes.length).toBeLessThanOrEqual(1_000);
      expect(JSON.stringify(event.changes).length).toBeLessThan(1024 * 1024);
    }
  });

  it("rows near 8 KB and over, in columns of others, and the longest names come through", async () => {
    await psql.query("ALTER TABLE orders ADD COLUMN note text");
    const name = "\u{1f600}".repeat(200);
    for (const [index, size] of [7_900, 8_191, 8_192, 100_000, 3_000_000].entries()) {
      await psql.query("INSERT INTO orders VALUES ($1, $2, $2, 'pending', now(), repeat('n', $3))", [
        index + 1,
        name,
        size,
      ]);
    }
    await psql.query("UPDATE orders SET note = repeat('m', 9000), status = 'shipped'");
    await caughtUp();
    expect(feed.changes).toHaveLength(10);
    for (const { after } of feed.changes)
      expect(after).toMatchObject({ customer_name: name, product_name: name });
  });

  it("a long transaction that commits late is not skipped, and holds nobody up", async () => {
    const long = await connect(postgres.url);
    closing.unshift(() => long.end());
    await long.query("BEGIN");
    await long.query(insertRow(1));
    for (let id = 2; id < 30; id += 1) await psql.query(insertRow(id));
    await caughtUp();
    expect(feed.changes.map(({ id }) => id)).toEqual(Array.from({ length: 28 }, (_, i) => i + 2));
    await long.query("COMMIT");
    await caughtUp();
    expect(feed.changes.at(-1)).toMatchObject({ op: "insert", id: 1, after: { customer_name: "Ada" } });
  });

  it("each change of a row in one transaction has its own images, and what a savepoint took back is none", async () => {
    await psql.query("BEGIN");
    await psql.query(insertRow(1, "a"));
    await psql.query("UPDATE orders SET customer_name = 'b'");
    await psql.query("SAVEPOINT s");
    await psql.query("UPDATE orders SET customer_name = 'lost'");
    await psql.query("ROLLBACK TO s");
    await psql.query("UPDATE orders SET customer_name = 'c'");
    await psql.query("DELETE FROM orders");
    await psql.query(insertRow(1, "d"));
    await psql.query("COMMIT");
    await caughtUp();
    const names = feed.changes.map(({ op, before, after }) => [
      op,
      before?.customer_name,
      after?.customer_name,
    ]);
    expect(names).toEqual([
      ["insert", undefined, "a"],
      ["update", "a", "b"],
      ["update", "b", "c"],
      ["delete", "c", undefined],
      ["insert", undefined, "d"],
    ]);
  });

  it.each(["infinity", "-infinity", "294276-12-31", "4713-01-01 BC"])(
    "a row of the date %s, past the table's rules, stops neither the feed nor reads and writes",
    async (date) => {
      await psql.query("ALTER TABLE orders DROP CONSTRAINT orders_updated_at_range");
      await psql.query(`INSERT INTO orders VALUES (1, 'Ada', 'Chair', 'pending', '${date}')`);
      await psql.query("UPDATE orders SET status = 'shipped'");
      const answers = await carryOut(store.orders, [
        { op: "patch", id: 1, order: { status: "pending" } },
        { op: "put", id: 1, order: { customer_name: "Ada", product_name: "Chair", status: "pending" } },
        { op: "put", id: 2, order: { customer_name: "Bob", product_name: "Chair", status: "pending" } },
      ]);
      expect(answers).toMatchObject([{ kind: "not-found" }, { kind: "stale" }, { kind: "written" }]);
      await caughtUp();
      expect(feed.changes).toMatchObject([{ op: "insert", id: 2 }]);
      expect(await store.orders.get(1)).toMatchObject({ order: null });
      expect(await readAll(store.orders, { limit: 1 })).toMatchObject([{ id: 2 }]);
      expect(await store.orders.counts("")).toMatchObject({ pending: 1, total: 1 });
      await psql.query("UPDATE orders SET updated_at = '2024-01-01Z' WHERE id = 1");
      await caughtUp();
      expect(feed.changes[1]).toMatchObject({
        op: "update",
        id: 1,
        before: null,
        after: { status: "shipped" },
      });
    },
  );

  it("an order that gets another id goes and comes; an update that changes no field is no change", async () => {
    await psql.query(`${insertRow(1)}; ${insertRow(2)}`);
    await psql.query("UPDATE orders SET id = id + 1 WHERE id = 2; UPDATE orders SET status = status");
    await caughtUp();
    expect(feed.changes.map(({ op, id }) => [op, id])).toEqual([
      ["insert", 1],
      ["insert", 2],
      ["delete", 2],
      ["insert", 3],
    ]);
  });

  it.each([
    [
      "ON CONFLICT",
      "INSERT INTO orders SELECT id, 'new', product_name, status, updated_at FROM orders ON CONFLICT (id) DO UPDATE SET customer_name = excluded.customer_name",
    ],
    [
      "a modifying WITH",
      "WITH u AS (UPDATE orders SET customer_name = 'new' RETURNING 1) SELECT count(*) FROM u",
    ],
    [
      "constraints checked at once",
      "BEGIN; SET CONSTRAINTS ALL IMMEDIATE; UPDATE orders SET customer_name = 'new'; COMMIT",
    ],
    [
      "the role of a replica",
      "SET session_replication_role = replica; UPDATE orders SET customer_name = 'new'; RESET session_replication_role",
    ],
    [
      "asynchronous commit",
      "SET synchronous_commit = off; UPDATE orders SET customer_name = 'new'; RESET synchronous_commit",
    ],
    [
      "another search path",
      "SET search_path = pg_catalog; UPDATE public.orders SET customer_name = 'new'; RESET search_path",
    ],
  ])("%s is recorded as well", async (_, statement) => {
    await psql.query(`${insertRow(1)}; ${insertRow(2)}`);
    await psql.query(statement);
    await caughtUp();
    expect(feed.changes.slice(2)).toMatchObject([
      { op: "update", id: 1, before: { customer_name: "Ada" }, after: { customer_name: "new" } },
      { op: "update", id: 2, before: { customer_name: "Ada" }, after: { customer_name: "new" } },
    ]);
  });

  it("a role that may do nothing but write orders is recorded as well", async () => {
    await psql.query(
      "CREATE ROLE clerk; GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON orders TO clerk; SET ROLE clerk",
    );
    await psql.query("INSERT INTO orders (customer_name, product_name) VALUES ('Ada', 'Chair')");
    await psql.query("UPDATE orders SET status = 'shipped'");
    await caughtUp();
    expect(feed.changes).toMatchObject([
      { op: "insert", id: 1, after: { status: "pending" } },
      { op: "update", id: 1, after: { status: "shipped" } },
    ]);
    await psql.query("TRUNCATE orders; RESET ROLE; DROP OWNED BY clerk; DROP ROLE clerk");
    expect(await feed.event("reset")).toMatchObject({ reason: "collection-gone" });
  });
});

describe("a table that is emptied or replaced", () => {
  const goesOn = async (): Promise<void> => {
    const reset = await feed.event("reset");
    expect(reset).toMatchObject({ reason: "collection-gone" });
    const before = feed.changes.length;
    const created = await eventually(() => carryOutOne(store.orders, createOf("after")));
    await feed.reached(created.position);
    expect(feed.changes.slice(before)).toMatchObject([{ op: "insert", after: { customer_name: "after" } }]);
    const page = await readAll(store.orders);
    expect(page.filter(({ customer_name }) => customer_name === "after")).toEqual([created.order]);
    expect((await store.orders.now()).generation).toBe("at" in reset ? reset.at.generation : "");
    const resets = feed.events.filter(({ kind }) => kind === "reset");
    expect(resets).toHaveLength(1);
  };

  beforeEach(async () => {
    await psql.query(insertRow(1));
    await caughtUp();
  });

  it("TRUNCATE is a reset, and a history from before it is lost", async () => {
    const before = await store.orders.now();
    await psql.query("TRUNCATE orders");
    expect(await readAll(store.orders)).toEqual([]);
    await goesOn();
    const past = StoreFeedRecorder.ofHistory(store.history, before);
    expect(await past.event("lost")).toEqual({ kind: "lost", reason: "collection-gone" });
    await past.stop();
  });

  it("TRUNCATE and new rows in one transaction: a reset, and then the rows", async () => {
    await psql.query(`BEGIN; TRUNCATE orders; ${insertRow(7)}; COMMIT`);
    await feed.event("reset");
    await caughtUp();
    expect(feed.changes.at(-1)).toMatchObject({ op: "insert", id: 7 });
  });

  it.each([
    ["dropped", "DROP TABLE orders"],
    [
      "dropped and made again",
      "BEGIN; DROP TABLE orders; CREATE TABLE orders (id integer PRIMARY KEY, customer_name text, product_name text, status text, updated_at timestamptz(3)); COMMIT",
    ],
    ["renamed", "ALTER TABLE orders RENAME TO old_orders"],
    [
      "changed for a copy",
      "BEGIN; ALTER TABLE orders RENAME TO old_orders; CREATE TABLE orders (LIKE old_orders INCLUDING ALL); COMMIT",
    ],
    ["left with its triggers off", "ALTER TABLE orders DISABLE TRIGGER ALL"],
    ["left without its triggers", "DROP TRIGGER live_orders_record ON orders"],
    ["dropped with its schema", "DROP SCHEMA public CASCADE; CREATE SCHEMA public"],
    ["left without the store's own schema", "DROP SCHEMA live_orders CASCADE"],
  ])("a table that is %s is set up again, and that is a reset", async (_, statement) => {
    await psql.query(statement);
    await goesOn();
  });

  it("what a renamed table gets afterwards is nobody's change any more", async () => {
    await psql.query("ALTER TABLE orders RENAME TO old_orders");
    await goesOn();
    const changes = feed.changes.length;
    await psql.query("INSERT INTO old_orders VALUES (50, 'a', 'b', 'pending', now())");
    await psql.query(insertRow(60));
    await caughtUp();
    expect(feed.changes.slice(changes).map(({ id }) => id)).toEqual([60]);
  });

  it("a table of other columns is said to be so, until it is put right", async () => {
    await psql.query(
      "BEGIN; ALTER TABLE orders RENAME TO old_orders; CREATE TABLE orders (id text PRIMARY KEY); COMMIT",
    );
    const down = await feed.event("down");
    expect(down).toMatchObject({ cause: "denied" });
    expect("detail" in down ? down.detail : "").toContain("the table public.orders lacks columns");
    await psql.query("DROP TABLE orders");
    await goesOn();
  });
});

describe("the listener's connection", () => {
  const feeds = `FROM pg_stat_activity WHERE application_name = '${FEED_APPLICATION}' AND datname = current_database()`;

  it("killed again and again under writes: nothing is lost or doubled", async () => {
    for (let id = 1; id <= 60; id += 1) {
      await psql.query(insertRow(id));
      if (id % 20 === 0) await psql.query(`SELECT pg_terminate_backend(pid) ${feeds}`);
    }
    await caughtUp();
    expect(feed.changes.map(({ id }) => id)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(feed.events.filter(({ kind }) => kind === "down").length).toBeGreaterThan(0);
    expect(feed.events.some(({ kind }) => kind === "reset")).toBe(false);
  });

  it("the server killed and started again: the feed goes on where it was", async () => {
    await psql.query(insertRow(1));
    await caughtUp();
    await postgres.crash();
    psql = await connect(postgres.url);
    await psql.query(insertRow(2));
    await eventually(caughtUp, { within: 60_000 });
    expect(feed.changes.map(({ id }) => id)).toEqual([1, 2]);
    expect(feed.events.filter(({ kind }) => kind === "down").length).toBeGreaterThan(0);
    expect(feed.events.some(({ kind }) => kind === "reset")).toBe(false);
    await carryOutOne(store.orders, { op: "patch", id: 1, order: { status: "shipped" } });
  });

  it("silent, without an end or a reset: noticed, and nothing is lost", async () => {
    const proxy = await startTcpProxy({ port: Number(new URL(postgres.url).port) });
    const url = new URL(postgres.url);
    url.port = String(proxy.port);
    const far = await openStore({ url: url.href });
    const farFeed = StoreFeedRecorder.ofSource(far.source);
    closing.unshift(
      () => farFeed.stop(),
      () => far.close(),
      () => proxy.close(),
    );
    await farFeed.opened();
    proxy.blackHole();
    await psql.query(insertRow(1));
    expect(await farFeed.event("down")).toMatchObject({ cause: "silent" });
    proxy.allow();
    proxy.cut();
    await farFeed.reached((await store.orders.now()).position, 30_000);
    expect(farFeed.changes).toMatchObject([{ op: "insert", id: 1 }]);
  });

  it("a quiet one shows a sign of life again and again", async () => {
    const from = feed.events.length;
    await eventually(() => feed.events.length >= from + 4);
    expect(feed.events.slice(from)).toMatchObject(
      Array.from({ length: 4 }, () => ({ kind: "batch", changes: [] })),
    );
  });

  it("closes when its reader stops", async () => {
    const open = async () => (await psql.query(`SELECT pid ${feeds}`)).rowCount;
    expect(await open()).toBe(1);
    await feed.stop();
    await eventually(async () => (await open()) === 0);
  });
});
