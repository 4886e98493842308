import { setTimeout as delay } from "node:timers/promises";
import type { OrderStore, WriteRequest } from "@live-orders/store/order-store";
import { StoreUnavailableError } from "@live-orders/store/order-store";
import { eventually } from "@live-orders/testkit/eventually";
import {
  carryOut,
  carryOutOne,
  createOf,
  orderOf,
  readAll,
  wholeQuery,
} from "@live-orders/testkit/store-samples";
import { startTcpProxy, type TcpProxy } from "@live-orders/testkit/tcp-proxy";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, openStore } from "../test/postgres-stores.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
let proxy: TcpProxy;
/** Reaches the server by the proxy. */
let store: OpenPostgresStore;
/** Reaches it directly. */
let other: OpenPostgresStore;
let psql: Client;

beforeEach(async () => {
  proxy = await startTcpProxy({ port: Number(new URL(postgres.url).port) });
  const url = new URL(postgres.url);
  url.port = String(proxy.port);
  other = await openStore({ url: postgres.url });
  store = await openStore({ url: url.href });
  psql = await connect(postgres.url);
  await other.orders.write({ operations: [createOf("Ada"), createOf("Bob")] });
});
afterEach(async () => {
  proxy.allow();
  await psql.end();
  await Promise.all([store.close(), other.close()]);
  await proxy.close();
});

const calls: [string, (orders: OrderStore) => Promise<unknown>][] = [
  ["page", (orders) => orders.page(wholeQuery)],
  ["counts", (orders) => orders.counts("a")],
  ["get", (orders) => orders.get(1)],
  ["now", (orders) => orders.now()],
  ["write", (orders) => orders.write({ operations: [createOf("c")] })],
  ["checkWritable", (orders) => orders.checkWritable()],
];

describe("a database that is away", () => {
  it.each(calls)("%s: silent, it is unavailable after a while; back again, it answers", async (_, call) => {
    await call(store.orders);
    proxy.blackHole();
    await expect(call(store.orders)).rejects.toThrow(StoreUnavailableError);
    proxy.allow();
    proxy.cut();
    await eventually(() => call(store.orders));
  });

  it.each(calls)("%s: refused, it is unavailable at once; back again, it answers", async (_, call) => {
    await call(store.orders);
    proxy.refuse();
    proxy.cut();
    await expect(call(store.orders)).rejects.toThrow(StoreUnavailableError);
    proxy.allow();
    await eventually(() => call(store.orders));
  });

  it("connections that were cut while nobody used them are no failure", async () => {
    for (const [, call] of calls) {
      await call(store.orders);
      proxy.cut();
      await call(store.orders);
    }
  });

  it("a request whose answer was lost is answered by its key, and made once", async () => {
    for (let round = 0; round < 20; round += 1) {
      const request: WriteRequest = {
        operations: [createOf(`Round ${round}`)],
        idempotency: { key: `key ${round}`, fingerprint: "f" },
      };
      const first = store.orders.write(request).catch((error: unknown) => error);
      await delay(round);
      proxy.cut();
      const outcome = await first;
      const again = await other.orders.write(request);
      if (!(outcome instanceof Error)) expect(again).toEqual(outcome);
    }
    const names = (await readAll(other.orders)).map(({ customer_name }) => customer_name);
    expect(names.sort()).toEqual(
      ["Ada", "Bob", ...Array.from({ length: 20 }, (_, i) => `Round ${i}`)].sort(),
    );
  });

  it("the server killed under writes: each is either there or was refused, and what was answered is there", async () => {
    const answered: number[] = [];
    let refused = 0;
    const write = async () => {
      for (let round = 0; round < 40; round += 1) {
        const created = await carryOut(other.orders, [createOf("x")]).catch(() => null);
        for (const result of created ?? []) if (result.kind === "written") answered.push(result.order.id);
        if (created === null) refused += 1;
        await delay(5);
      }
    };
    const writing = Promise.all([write(), write(), write()]);
    await eventually(() => answered.length > 10);
    await postgres.crash();
    await writing;
    expect(refused).toBeGreaterThan(0);
    const ids = new Set((await eventually(() => readAll(other.orders))).map(({ id }) => id));
    for (const id of answered) expect(ids.has(id)).toBe(true);
    psql = await connect(postgres.url);
  });
});

describe("writers in each other's way", () => {
  it("a row that another program holds and holds: unavailable, and nothing is written", async () => {
    await psql.query("BEGIN; UPDATE orders SET status = 'shipped' WHERE id = 1");
    const patch = { op: "patch", id: 1, order: { customer_name: "late" } } as const;
    await expect(other.orders.write({ operations: [createOf("c"), patch] })).rejects.toThrow(
      StoreUnavailableError,
    );
    await psql.query("ROLLBACK");
    expect((await readAll(other.orders)).map(({ customer_name }) => customer_name)).toEqual(["Ada", "Bob"]);
  });

  it("a row that another program holds for a moment is waited for, and the edit is of what stands then", async () => {
    await psql.query("BEGIN; UPDATE orders SET status = 'shipped' WHERE id = 1");
    const patched = carryOutOne(other.orders, { op: "patch", id: 1, order: { customer_name: "Eve" } });
    await waitingOnLock();
    await psql.query("COMMIT");
    expect((await patched).order).toMatchObject({ customer_name: "Eve", status: "shipped" });
  });

  it("an id that another program takes at the same moment: the next one is taken", async () => {
    await psql.query("BEGIN; INSERT INTO orders VALUES (3, 'psql', 'b', 'pending', now())");
    const created = carryOutOne(other.orders, createOf("store"));
    await waitingOnLock();
    await psql.query("COMMIT");
    expect((await created).order.id).toBe(4);
  });

  it("put under an id that another program takes at the same moment is stale", async () => {
    const { id: _, ...order } = orderOf(7);
    await psql.query("BEGIN; INSERT INTO orders VALUES (7, 'psql', 'b', 'pending', now())");
    const put = carryOut(other.orders, [{ op: "put", id: 7, order }]);
    await waitingOnLock();
    await psql.query("COMMIT");
    expect(await put).toMatchObject([{ kind: "stale", current: { customer_name: "psql" } }]);
  });

  it("requests that name the same orders in other ways, and programs that lock them backwards, all get through", async () => {
    const ids = [1, 2];
    const bulk = (order: number[], name: string) =>
      other.orders.write({
        operations: order.map((id) => ({ op: "patch", id, order: { customer_name: name } }) as const),
      });
    const backwards = async () => {
      for (let round = 0; round < 10; round += 1) {
        await psql
          .query(
            "BEGIN; UPDATE orders SET status = 'shipped' WHERE id = 2; UPDATE orders SET status = 'shipped' WHERE id = 1; COMMIT",
          )
          .catch(() => psql.query("ROLLBACK"));
      }
    };
    const writes = Array.from({ length: 30 }, (_, round) =>
      bulk(round % 2 ? ids : [...ids].reverse(), `Name ${round}`),
    );
    const [answers] = await Promise.all([Promise.all(writes), backwards()]);
    for (const answer of answers)
      expect(answer).toMatchObject({ kind: "done", results: [{ kind: "written" }, { kind: "written" }] });
  });

  it("a node that stands still in the midst of a write holds up the others for a few seconds only", async () => {
    await psql.query("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 3000");
    await psql.query("SELECT live_orders.lock_commits()");
    await carryOutOne(other.orders, createOf("after"));
    psql = await connect(postgres.url);
  });
});

async function waitingOnLock(): Promise<void> {
  const waiting =
    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
  await eventually(async () => (await psql.query(waiting)).rowCount === 1);
}
