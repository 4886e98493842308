import { StoreUnavailableError } from "@live-orders/store/order-store";
import { StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { carryOut, carryOutOne, createOf, readAll, wholeQuery } from "@live-orders/testkit/store-samples";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, openStore } from "../test/postgres-stores.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
let store: OpenPostgresStore;
let feed: StoreFeedRecorder;
let psql: Client;

beforeEach(async () => {
  store = await openStore({ url: postgres.url });
  feed = StoreFeedRecorder.ofSource(store.source);
  await feed.opened();
  psql = await connect(postgres.url);
});
afterEach(async () => {
  await psql.end();
  await feed.stop();
  await store.close();
});

const trigger = (name: string, when: string, body: string): Promise<unknown> =>
  psql.query(`CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
    CREATE TRIGGER ${name} ${when} ON orders FOR EACH ROW EXECUTE FUNCTION ${name}()`);

describe("triggers of others", () => {
  it("that alter a row: the answer, now and again, is what stands", async () => {
    await trigger(
      "shout",
      "BEFORE INSERT OR UPDATE",
      "NEW.customer_name := upper(NEW.customer_name); RETURN NEW;",
    );
    const request = { operations: [createOf("Ada")], idempotency: { key: "k", fingerprint: "f" } };
    const first = await store.orders.write(request);
    expect(first).toMatchObject({ kind: "done", results: [{ order: { customer_name: "ADA" } }] });
    expect(await store.orders.write(request)).toEqual(first);
    const patched = await carryOutOne(store.orders, { op: "patch", id: 1, order: { customer_name: "Bob" } });
    expect(patched.order.customer_name).toBe("BOB");
    await feed.reached(patched.position);
    expect(feed.changes.map(({ after }) => after?.customer_name)).toEqual(["ADA", "BOB"]);
  });

  it("that change other orders: each answer has its own change's position", async () => {
    await psql.query(
      "INSERT INTO orders VALUES (100, 'log', 'b', 'pending', now()), (101, 'log', 'b', 'pending', now())",
    );
    await trigger(
      "count_up",
      "AFTER INSERT OR UPDATE",
      "IF NEW.id < 100 THEN UPDATE orders SET product_name = product_name || '.' WHERE id >= 100; END IF; RETURN NULL;",
    );
    const results = await carryOut(
      store.orders,
      [createOf("a"), { op: "patch", id: 1, order: { status: "shipped" } }, createOf("b")],
      { key: "k", fingerprint: "f" },
    );
    await feed.reached((await store.orders.now()).position);
    for (const [index, result] of results.entries()) {
      if (result.kind !== "written") throw new Error("not written");
      const change = feed.changes.find(({ position }) => position === result.position);
      expect(change).toMatchObject({ id: [1, 1, 2][index], after: result.order });
    }
    expect(feed.changes).toHaveLength(2 + 3 * 3);
  });

  it("that fail inside and go on: what they took back is no change", async () => {
    await trigger(
      "try_out",
      "AFTER INSERT",
      "BEGIN UPDATE orders SET customer_name = 'lost' WHERE id = NEW.id; RAISE 'no'; EXCEPTION WHEN OTHERS THEN END; RETURN NULL;",
    );
    const created = await carryOutOne(store.orders, createOf("Ada"));
    await feed.reached(created.position);
    expect(feed.changes).toMatchObject([{ op: "insert", after: created.order }]);
  });

  it("that keep a write out: it is not answered as done", async () => {
    await trigger("keep_out", "BEFORE DELETE", "RETURN NULL;");
    await psql.query("INSERT INTO orders VALUES (1, 'Ada', 'b', 'pending', now())");
    await expect(carryOut(store.orders, [{ op: "delete", id: 1 }])).rejects.toThrow(StoreUnavailableError);
    expect(await readAll(store.orders)).toHaveLength(1);
  });
});

describe("a request", () => {
  it("that stands still before its commit holds up nobody but those who want its rows", async () => {
    await psql.query(
      "INSERT INTO orders VALUES (1, 'Ada', 'b', 'pending', now()), (2, 'Bob', 'b', 'pending', now())",
    );
    const still = await connect(postgres.url);
    await still.query("BEGIN");
    await still.query("SELECT * FROM live_orders.begin_write(1, '{1}')");
    await still.query(
      "SELECT live_orders.write_orders('{update}', '{1}', '{x}', '{y}', '{shipped}', '{now}')",
    );
    const patched = await carryOutOne(store.orders, { op: "patch", id: 2, order: { status: "shipped" } });
    await feed.reached(patched.position);
    await still.query("COMMIT");
    await still.end();
    await feed.reached((await store.orders.now()).position);
    expect(feed.changes.slice(2).map(({ id }) => id)).toEqual([2, 1]);
  });

  it("that fails half-way has written nothing, and leaves its key free", async () => {
    await psql.query("ALTER TABLE orders ADD CONSTRAINT no_eve CHECK (customer_name <> 'Eve')");
    const idempotency = { key: "k", fingerprint: "f" };
    await expect(carryOut(store.orders, [createOf("Ada"), createOf("Eve")], idempotency)).rejects.toThrow(
      "no_eve",
    );
    expect(await readAll(store.orders)).toEqual([]);
    const [created] = await carryOut(store.orders, [createOf("Ada")], idempotency);
    expect(created).toMatchObject({ kind: "written", order: { customer_name: "Ada" } });
  });

  it("with a key is answered again when every change of its time is pruned", async () => {
    const request = { operations: [createOf("Ada")], idempotency: { key: "k", fingerprint: "f" } };
    const first = await store.orders.write(request);
    await psql.query("UPDATE live_orders.outbox SET at = at - interval '1 day'");
    await psql.query("SELECT live_orders.prune_outbox('1 hour', 1000)");
    expect(await store.orders.write(request)).toEqual(first);
  });

  it("of every kind gets through while the table is emptied and replaced again and again", async () => {
    let done = false;
    const replacing = (async () => {
      for (let round = 0; round < 6; round += 1) {
        await psql.query(round % 2 ? "TRUNCATE orders" : "DROP TABLE orders").catch(() => undefined);
        await store.orders.now();
      }
      done = true;
    })();
    while (!done) {
      const { order } = await carryOutOne(store.orders, createOf("a"));
      await carryOut(store.orders, [{ op: "patch", id: order.id, order: { status: "shipped" } }]);
      await readAll(store.orders);
    }
    await replacing;
    expect((await store.orders.page({ ...wholeQuery, limit: 1 })).kind).toBe("page");
  });
});
