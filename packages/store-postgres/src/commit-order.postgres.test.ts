import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { seededRandom, type SeededRandom } from "@live-orders/testkit/seeded-random";
import { replay, StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { readAll, wholeQuery } from "@live-orders/testkit/store-samples";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Pool } from "pg";
import { afterEach, expect, it } from "vitest";
import { connectPool, openStore } from "../test/postgres-stores.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
const WRITERS = 100;
const CHANGES = 20_000;
const IDS = 400;

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

it(
  "100 writers with overlapping transactions of random length: each reader gets each of 20,000 changes once, in order",
  { timeout: 600_000 },
  async () => {
    const [one, other] = [await openStore({ url: postgres.url }), await openStore({ url: postgres.url })];
    const start = await one.orders.now();
    const feeds = [one, other].map((node) => StoreFeedRecorder.ofSource(node.source));
    const late = StoreFeedRecorder.ofHistory(other.history, start);
    for (const feed of feeds) await feed.opened();
    const direct = connectPool(postgres.url, WRITERS);
    closing = [one, other].map((node) => () => node.close());
    closing.unshift(() => direct.end(), ...[...feeds, late].map((feed) => () => feed.stop()));

    const tally: Tally = { committed: 0, rolledBack: 0 };
    const random = seededRandom(5);
    const writers = Array.from({ length: WRITERS }, () => write(direct, random.fork(), tally));
    const done = { value: false };
    const pages = readPages(one, done);
    await Promise.all(writers);
    done.value = true;
    const snapshots = await pages;

    const end = await other.orders.now();
    for (const feed of [...feeds, late]) await feed.reached(end.position, 60_000);
    expect(tally.committed).toBeGreaterThanOrEqual(CHANGES);
    expect(tally.rolledBack).toBeGreaterThan(0);
    const [first] = feeds;
    const changes = first?.changes ?? [];
    expect(changes).toHaveLength(tally.committed);
    for (const feed of [...feeds, late]) expect(feed.changes).toEqual(changes);
    expectChained(changes);
    const byId = new Map((await readAll(one.orders)).map((order) => [order.id, order]));
    expect(replay(new Map(), changes, end.position)).toEqual(byId);
    expect(snapshots.length).toBeGreaterThan(10);
    for (const { position, rows } of snapshots) {
      expect([...replay(new Map(), changes, position).values()].sort((a, b) => a.id - b.id)).toEqual(rows);
    }
  },
);

interface Tally {
  committed: number;
  rolledBack: number;
}

/** Transactions of 1 to 12 statements with pauses between them; one in ten is rolled back, some to a savepoint. */
async function write(direct: Pool, random: SeededRandom, tally: Tally): Promise<void> {
  while (tally.committed < CHANGES) {
    const client = await direct.connect();
    try {
      const ids = lockOrder(random);
      await client.query(random.chance(0.2) ? "BEGIN ISOLATION LEVEL REPEATABLE READ" : "BEGIN");
      let changes = 0;
      for (const id of ids) {
        changes += (await client.query(statement(id, random))).rowCount ?? 0;
        if (random.chance(0.1)) {
          await client.query("SAVEPOINT s");
          await client.query(statement(id, random));
          await client.query("ROLLBACK TO s");
        }
        if (random.chance(0.2)) await client.query("SELECT pg_sleep($1)", [random.next() * 0.01]);
      }
      const keeps = !random.chance(0.1);
      await client.query(keeps ? "COMMIT" : "ROLLBACK");
      if (keeps) tally.committed += changes;
      else tally.rolledBack += changes;
    } catch {
      // Another transaction got in the way of a REPEATABLE READ one, or took the id first.
      await client.query("ROLLBACK");
      tally.rolledBack += 1;
    } finally {
      client.release();
    }
  }
}

/** Ascending, so that writers do not wait for one another in a ring; with doubles: a row may change more than once. */
function lockOrder(random: SeededRandom): number[] {
  return Array.from({ length: random.int(1, 12) }, () => random.int(1, IDS)).sort((a, b) => a - b);
}

function statement(id: number, random: SeededRandom): string {
  const kind = random.int(0, 9);
  if (kind === 0) return `DELETE FROM orders WHERE id = ${id}`;
  const name = `Name ${random.int(0, 1_000_000)}`;
  const upsert = `INSERT INTO orders VALUES (${id}, '${name}', 'Chair', 'pending', clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET customer_name = excluded.customer_name, updated_at = excluded.updated_at`;
  return kind < 5 ? upsert : `UPDATE orders SET customer_name = '${name}' WHERE id = ${id}`;
}

async function readPages(
  node: OpenPostgresStore,
  done: { readonly value: boolean },
): Promise<{ position: string; rows: readonly Order[] }[]> {
  const snapshots: { position: string; rows: readonly Order[] }[] = [];
  while (!done.value) {
    const page = await node.orders.page(wholeQuery);
    if (page.kind === "page") snapshots.push({ position: page.at.position, rows: page.orders });
  }
  return snapshots;
}

/** Each change starts where the one before it of the same order ended. */
function expectChained(changes: readonly Change[]): void {
  const last = new Map<number, Order | null>();
  for (const { id, before, after } of changes) {
    expect(before).toEqual(last.get(id) ?? null);
    last.set(id, after);
  }
}
