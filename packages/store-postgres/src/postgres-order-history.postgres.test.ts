import type { Change } from "@live-orders/protocol/change";
import { StoreFeedRecorder } from "@live-orders/testkit/store-feed-recorder";
import { carryOut, createOf, orderOf } from "@live-orders/testkit/store-samples";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, freshDatabase, openStore } from "../test/postgres-stores.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
let database: Awaited<ReturnType<typeof freshDatabase>>;
let node: OpenPostgresStore;
let feed: StoreFeedRecorder;
let startedMs: number;

beforeEach(async () => {
  startedMs = Date.now();
  database = await freshDatabase(postgres.url);
  node = await openStore({ url: postgres.url });
  feed = StoreFeedRecorder.ofSource(node.source);
  await feed.opened();
});
afterEach(async () => {
  await feed.stop();
  await node.close();
  await database.dispose();
});

const newest = { limit: 500, before: null };
async function sql(text: string): Promise<void> {
  const client = await connect(postgres.url);
  await client.query(text);
  await client.end();
}
/** What the feed has told of an order, newest first. */
async function told(id: number): Promise<Change[]> {
  await feed.reached((await node.orders.now()).position);
  return feed.changes.filter((change) => change.id === id).reverse();
}
async function pages(id: number, limit: number): Promise<readonly Change[][]> {
  const read: Change[][] = [];
  for (let before: string | null = null; read.length < 100;) {
    const page = await node.orderHistory.of(id, { limit, before });
    if (page === null) throw new Error("A page's own place was refused");
    read.push([...page.changes]);
    if (page.next === null) return read;
    before = page.next;
  }
  throw new Error("The paging does not end");
}

describe("the history of an order", () => {
  it("is newest first, page by page, through a deletion and a new order under the id", async () => {
    await carryOut(node.orders, [createOf("a"), createOf("other")], { key: "k", fingerprint: "f" });
    await database.direct.update(1, { status: "shipped" });
    await database.direct.remove(1);
    await database.direct.insert([orderOf(1)]);
    await carryOut(node.orders, [{ op: "patch", id: 1, order: { status: "delivered" } }]);
    const all = await told(1);
    expect(all.map(({ op }) => op)).toEqual(["update", "insert", "delete", "update", "insert"]);
    expect(all.at(-1)?.key).toBe("k");
    const { position } = await node.orders.now();
    expect(await node.orderHistory.of(1, newest)).toMatchObject({
      changes: all,
      next: null,
      kept: { position },
    });
    const read = await pages(1, 2);
    expect(read.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(read.flat()).toEqual(all);
    expect(await node.orderHistory.of(99, newest)).toMatchObject({ changes: [], next: null });
    expect(await node.orderHistory.of(1, { limit: 2, before: "no position" })).toBeNull();
  });

  it("is whole since the table was made, and that of the table that stands now", async () => {
    await database.direct.insert([orderOf(1)]);
    const first = await node.orderHistory.of(1, newest);
    const sinceMs = Date.parse(first?.kept?.since ?? "");
    expect(sinceMs).toBeGreaterThan(startedMs - 60_000);
    expect(sinceMs).toBeLessThanOrEqual(Date.parse(first?.changes[0]?.at ?? ""));
    await sql("TRUNCATE public.orders");
    const second = await node.orderHistory.of(1, newest);
    expect(second).toMatchObject({ changes: [], next: null });
    expect(Date.parse(second?.kept?.since ?? "")).toBeGreaterThan(sinceMs);
  });

  it("that was pruned says from when on it is whole", async () => {
    await database.direct.insert([orderOf(1)]);
    await sql("UPDATE live_orders.outbox SET at = at - interval '40 days'");
    await database.direct.update(1, { status: "shipped" });
    await sql("SELECT live_orders.prune_outbox('30 days', 100)");
    const answer = await node.orderHistory.of(1, newest);
    expect(answer?.changes.map(({ op }) => op)).toEqual(["update"]);
    expect(answer?.kept?.since).toBe(answer?.changes[0]?.at);
  });

  it("leaves out changes that break the table, and pages on over them", async () => {
    await database.direct.insert([orderOf(1)]);
    for (let round = 0; round < 5; round += 1) {
      await database.direct.updateUnchecked(1, { status: `broken ${round}` });
    }
    await database.direct.updateUnchecked(1, { status: "shipped" });
    const read = await pages(1, 2);
    expect(read.some((page) => page.length === 0)).toBe(true);
    expect(read.flat()).toEqual(await told(1));
    expect(read.flat().map(({ op, before, after }) => [op, before?.status, after?.status])).toEqual([
      ["update", undefined, "shipped"],
      ["update", "pending", undefined],
      ["insert", undefined, "pending"],
    ]);
  });

  it("is not told with HISTORY_DAYS=0, though readers who were away for a moment still catch up", async () => {
    const forgetful = await openStore({ url: postgres.url, historyDays: 0 });
    const start = await forgetful.orders.now();
    await database.direct.insert([orderOf(1)]);
    expect(await forgetful.orderHistory.of(1, newest)).toEqual({ changes: [], next: null, kept: null });
    expect(await forgetful.orderHistory.of(1, { limit: 2, before: "no position" })).toBeNull();
    const past = StoreFeedRecorder.ofHistory(forgetful.history, start);
    await past.reached((await forgetful.orders.now()).position);
    expect(past.changes).toEqual(await told(1));
    await past.stop();
    await forgetful.close();
  });
});
