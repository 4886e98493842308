import { carryOutOne, createOf, orderOf, readAll } from "@live-orders/testkit/store-samples";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, openStore, QUIET } from "../test/postgres-stores.ts";
import { openPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
let closing: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

const opened = async () => {
  const store = await openStore({ url: postgres.url });
  closing.push(() => store.close());
  return store;
};
const connected = async (url = postgres.url) => {
  const client = await connect(url);
  closing.push(() => client.end());
  return client;
};
const refusalOf = async (url: string): Promise<string> => {
  const outcome = await openPostgresStore({ url, logger: QUIET });
  if (outcome.kind === "refused") return outcome.reason;
  await outcome.close();
  throw new Error("It was not refused");
};
/** An empty database, that the store has not seen yet. */
const emptyDatabase = async (options = ""): Promise<Client> => {
  const server = await connected(postgres.serverUrl);
  await server.query(`CREATE DATABASE ${new URL(postgres.url).pathname.slice(1)} ${options}`);
  return connected();
};

describe("setting up", () => {
  it("eight nodes at once on a server without the database make it, and agree", async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, opened));
    const nows = await Promise.all(stores.map((store) => store.orders.now()));
    expect(new Set(nows.map(({ generation }) => generation)).size).toBe(1);
  });

  it("makes the contract's table", async () => {
    await opened();
    const psql = await connected();
    const { rows } =
      await psql.query(`SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required
      FROM pg_attribute WHERE attrelid = 'public.orders'::regclass AND attnum > 0 ORDER BY attnum`);
    expect(rows).toEqual([
      { name: "id", type: "integer", required: true },
      { name: "customer_name", type: "text", required: true },
      { name: "product_name", type: "text", required: true },
      { name: "status", type: "text", required: true },
      { name: "updated_at", type: "timestamp(3) with time zone", required: true },
    ]);
  });

  it("a second start changes nothing: cursors stay good", async () => {
    const first = await opened();
    await carryOutOne(first.orders, createOf("Ada"));
    const before = await first.orders.now();
    const second = await opened();
    expect(await second.orders.now()).toEqual(before);
  });

  it("does not wait for somebody's long transaction on the table", async () => {
    await opened();
    const psql = await connected();
    await psql.query("BEGIN; INSERT INTO orders (customer_name, product_name) VALUES ('a', 'b')");
    await opened();
    await psql.query("ROLLBACK");
  });

  it("takes over a table that was there before, and leaves out its rows that break a rule", async () => {
    const psql = await emptyDatabase();
    await psql.query(`CREATE TABLE orders (id integer PRIMARY KEY, customer_name text, product_name text, status text,
      updated_at timestamptz(3), note text)`);
    await psql.query(`INSERT INTO orders VALUES (1, 'Customer 1', 'Product 1', 'pending', '2024-01-01T00:00:00.001Z'),
      (2, '', 'b', 'pending', now()), (3, 'a', 'b', 'lost', now()), (4, 'a', NULL, 'pending', now()),
      (-5, 'a', 'b', 'pending', now()), (6, 'a', 'b', 'pending', 'infinity')`);
    const store = await opened();
    expect(await readAll(store.orders)).toEqual([orderOf(1)]);
    expect(await store.orders.counts("")).toMatchObject({ pending: 1, total: 1 });
    await expect(psql.query("INSERT INTO orders VALUES (9, '', 'b', 'pending', now())")).rejects.toThrow(
      "violates check",
    );
    const created = await carryOutOne(store.orders, createOf("Ada"));
    expect(created.order.id).toBe(5);
  });

  it.each([
    ["id below 1", "0, 'a', 'b', 'pending', now()"],
    ["id beyond 32 bits", "2147483648, 'a', 'b', 'pending', now()"],
    ["an empty name", "1, '', 'b', 'pending', now()"],
    ["a name of 201 characters", "1, repeat('\u{1f600}', 201), 'b', 'pending', now()"],
    ["no name", "1, 'a', NULL, 'pending', now()"],
    ["a control character", "1, E'a\\u0007', 'b', 'pending', now()"],
    ["a control character beyond ASCII", "1, 'a', E'b\\u0085', 'pending', now()"],
    ["another status", "1, 'a', 'b', 'Pending', now()"],
    ["no status", "1, 'a', 'b', NULL, now()"],
    ["no date", "1, 'a', 'b', 'pending', NULL"],
    ["a date without an end", "1, 'a', 'b', 'pending', 'infinity'"],
    ["a date before the year 1", "1, 'a', 'b', 'pending', '0044-03-15 BC'"],
    ["a date after the year 9999", "1, 'a', 'b', 'pending', '9999-12-31T23:59:59.9999Z'"],
  ])("the database refuses %s", async (_, values) => {
    await opened();
    const psql = await connected();
    await expect(psql.query(`INSERT INTO orders VALUES (${values})`)).rejects.toThrow(
      /violates|out of range|not-null/,
    );
  });

  it("the database takes what the contract takes", async () => {
    const store = await opened();
    const psql = await connected();
    await psql.query(`INSERT INTO orders VALUES (2147483647, repeat('\u{1f600}', 200), E'\\u00a0 b ', 'delivered',
      '9999-12-31T23:59:59.999Z'), (1, 'a', 'b', 'shipped', '0001-01-01T00:00:00Z')`);
    expect(await readAll(store.orders)).toHaveLength(2);
  });
});

describe("refusals, each in one line", () => {
  it("what is no PostgreSQL URL", async () => {
    expect(await refusalOf("mysql://localhost/x")).toBe("DATABASE_URL is not a postgres:// URL");
  });

  it("a server that is not there", async () => {
    expect(await refusalOf("postgres://127.0.0.1:1/live_orders")).toBe(
      "PostgreSQL at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1. Check DATABASE_URL, and that the server runs.",
    );
  });

  it("a user that is not there", async () => {
    const url = new URL(postgres.url);
    url.username = "nobody_of_this_name";
    expect(await refusalOf(url.href)).toContain('role "nobody_of_this_name" does not exist');
  });

  it("a user who may not set up the schema", async () => {
    await emptyDatabase();
    const psql = await connected();
    await psql.query("CREATE ROLE reader LOGIN");
    const url = new URL(postgres.url);
    url.username = "reader";
    expect(await refusalOf(url.href)).toContain("permission denied");
  });

  it("a database that is not in UTF-8", async () => {
    await emptyDatabase("ENCODING 'LATIN1' TEMPLATE template0");
    expect(await refusalOf(postgres.url)).toContain("encoding LATIN1");
  });

  it("a table of other columns, which stays as it is", async () => {
    const psql = await emptyDatabase();
    await psql.query(
      "CREATE TABLE orders (id integer PRIMARY KEY, customer_name varchar(20), status text, note text)",
    );
    const reason = await refusalOf(postgres.url);
    expect(reason).toBe(
      "PostgreSQL: the table public.orders lacks columns as they must be: customer_name text, product_name text, updated_at timestamp(3) with time zone",
    );
    const { rows } = await psql.query(
      "SELECT count(*)::int AS n FROM pg_trigger WHERE tgrelid = 'orders'::regclass",
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it("a table with another primary key", async () => {
    const psql = await emptyDatabase();
    await psql.query(`CREATE TABLE orders (id integer, customer_name text PRIMARY KEY, product_name text, status text,
      updated_at timestamptz(3))`);
    expect(await refusalOf(postgres.url)).toBe(
      "PostgreSQL: the primary key of the table public.orders must be id",
    );
  });
});
