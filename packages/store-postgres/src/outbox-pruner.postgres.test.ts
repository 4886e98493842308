import { StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { carryOut, carryOutOne, createOf } from "@live-orders/testkit/store-samples";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connect, openStore, QUIET } from "../test/postgres-stores.ts";
import { Database } from "./database.ts";
import { OutboxPruner } from "./outbox-pruner.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
const running = new AbortController().signal;
let store: OpenPostgresStore;
let psql: Client;
let database: Database;

beforeEach(async () => {
  store = await openStore({ url: postgres.url });
  psql = await connect(postgres.url);
  database = new Database(postgres.url, QUIET, 2);
});
afterEach(async () => {
  await psql.end();
  await database.close();
  await store.close();
});

const prune = (days: number): Promise<void> => new OutboxPruner(database, QUIET, days).prune(running);
const lengthOfOutbox = async (): Promise<number> =>
  (await psql.query<{ n: number }>("SELECT count(*)::int AS n FROM live_orders.outbox")).rows[0]?.n ?? -1;

it("takes away what is older than the days of history, in steps, and nothing else", async () => {
  await psql.query(
    "INSERT INTO orders SELECT i, 'a', 'b', 'pending', now() FROM generate_series(1, 12000) i",
  );
  await psql.query("UPDATE live_orders.outbox SET at = at - interval '31 days'");
  const before = await store.orders.now();
  const { position } = await carryOutOne(store.orders, createOf("new"));
  await prune(0);
  await prune(31);
  await prune(30);
  expect(await lengthOfOutbox()).toBe(1);
  expect(await store.orders.now()).toEqual({ ...before, position });
});

it("a cursor from before what is left has lost its history, one from there on has not", async () => {
  const start = await store.orders.now();
  const [first] = await carryOut(store.orders, [createOf("a"), createOf("b")]);
  await psql.query("UPDATE live_orders.outbox SET at = at - interval '31 days'");
  const old = await store.orders.now();
  const young = await carryOutOne(store.orders, createOf("c"));
  await prune(30);
  for (const position of [start.position, first && "position" in first ? first.position : ""]) {
    const past = StoreFeedRecorder.ofHistory(store.history, { ...start, position });
    expect(await past.event("lost")).toEqual({ kind: "lost", reason: "history-lost" });
    await past.stop();
  }
  const past = StoreFeedRecorder.ofHistory(store.history, old);
  await past.reached(young.position);
  expect(past.changes.map(({ position }) => position)).toEqual([young.position]);
  await past.stop();
});

it("with everything taken away, the position of now stays and goes on", async () => {
  const { position } = await carryOutOne(store.orders, createOf("a"));
  await psql.query("UPDATE live_orders.outbox SET at = at - interval '31 days'");
  await prune(30);
  expect(await lengthOfOutbox()).toBe(0);
  expect((await store.orders.now()).position).toBe(position);
  const feed = StoreFeedRecorder.ofSource(store.source);
  expect(await feed.opened()).toMatchObject({ position });
  const next = await carryOutOne(store.orders, createOf("b"));
  expect(next.position > position).toBe(true);
  await feed.reached(next.position);
  expect(feed.changes).toHaveLength(1);
  await feed.stop();
});

it("what lies before a younger change stays, though the clock was set back", async () => {
  await carryOut(store.orders, [createOf("a"), createOf("b")]);
  await psql.query(
    "UPDATE live_orders.outbox SET at = at - interval '31 days' WHERE seq = (SELECT max(seq) FROM live_orders.outbox)",
  );
  await prune(30);
  expect(await lengthOfOutbox()).toBe(3);
});

it("without history it keeps the last ten minutes", async () => {
  await carryOut(store.orders, [createOf("a"), createOf("b")]);
  await psql.query(
    "UPDATE live_orders.outbox SET at = at - interval '11 minutes' WHERE seq < (SELECT max(seq) FROM live_orders.outbox)",
  );
  await prune(0);
  expect(await lengthOfOutbox()).toBe(1);
});

it("an answer is forgotten after 24 h, whether it was taken away by then or not", async () => {
  const request = { operations: [createOf("a")], idempotency: { key: "k", fingerprint: "f" } };
  await store.orders.write(request);
  await psql.query("UPDATE live_orders.requests SET at = at - interval '24 hours 1 second'");
  const again = await store.orders.write({ ...request, idempotency: { key: "k", fingerprint: "other" } });
  expect(again).toMatchObject({ kind: "done", results: [{ order: { id: 2 } }] });
  await psql.query("UPDATE live_orders.requests SET at = at - interval '24 hours 1 second'");
  await prune(30);
  const { rows } = await psql.query("SELECT key FROM live_orders.requests");
  expect(rows).toEqual([]);
});
