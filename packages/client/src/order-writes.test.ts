import type { Order } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import { eventually, record, useLiveOrdersServer } from "./fake/live-orders-server.ts";
import type { WriteIntent } from "./write-intent.ts";
import { storageOutbox, type OutboxStore } from "./write-outbox.ts";

const on = useLiveOrdersServer();

describe("optimistic writes", () => {
  it("C-OVER-1: shows a new order at once, and once only when it is confirmed", async () => {
    const live = on.open();
    await on.settle(live);
    const sizes: number[] = [];
    live.subscribe(() => sizes.push(live.size));
    const write = live.create({ customer_name: "Ann", product_name: "Chair" });
    expect(live.row(write.id)).toMatchObject({ saving: "create", confirmed: null });
    const outcome = await write.done;
    expect(outcome).toMatchObject({ ok: true, order: { id: 1 } });
    await on.settle(live);
    expect(live.row(write.id)).toMatchObject({ order: { id: 1 }, saving: null });
    expect(new Set(sizes)).toEqual(new Set([1]));
  });

  it("C-OVER-2: the own change may come before the answer", async () => {
    const live = on.open();
    await on.settle(live);
    let release: () => void = () => undefined;
    on.server.holdAnswer = ({ method }) =>
      method === "POST" ? new Promise((resolve) => (release = resolve)) : undefined;
    const seen = record(live);
    const write = live.create({ customer_name: "Ann", product_name: "Chair" });
    await eventually(() => {
      expect(live.row(1)).toMatchObject({ saving: null });
    });
    expect(live.size).toBe(1);
    expect(seen.at(-1)).toMatchObject({ id: 1, by: "own", replaces: write.id });
    on.server.update(1, { status: "shipped" });
    await on.settle(live);
    release();
    await write.done;
    expect(live.row(1)?.order.status).toBe("shipped");
    expect(live.size).toBe(1);
  });

  it("C-OVER-3: an edit is shown at once, and rolled back with the reason when it is refused", async () => {
    on.server.insert();
    const live = on.open();
    await on.settle(live);
    const write = live.edit(1, { customer_name: "\u0000" });
    expect(live.row(1)).toMatchObject({ saving: "edit", order: { customer_name: "\u0000" } });
    const outcome = await write.done;
    expect(outcome).toMatchObject({ ok: false, failure: { kind: "refused" } });
    expect(live.row(1)).toMatchObject({
      saving: null,
      order: { customer_name: "Customer 1" },
      failure: { kind: "refused", error: { kind: "problem", problem: { status: 400 } } },
    });
    live.dismiss(1);
    expect(live.row(1)?.failure).toBeNull();
  });

  it("C-OVER-4: edits of different fields merge, of the same one conflict", async () => {
    on.server.insert();
    const live = on.open();
    await on.settle(live);
    const base = live.row(1)?.order;
    if (base === undefined) throw new Error("no row");
    on.server.update(1, { customer_name: "Theirs" });
    await on.settle(live);
    const merged = await live.edit(1, { status: "shipped" }, { base }).done;
    expect(merged).toMatchObject({ ok: true, order: { customer_name: "Theirs", status: "shipped" } });
    const madeAt = live.serverNow();
    const conflict = await live.edit(1, { customer_name: "Mine" }, { base }).done;
    expect(
      !conflict.ok && conflict.failure.kind === "conflict" && conflict.failure.madeAt - madeAt,
    ).toBeLessThan(50);
    expect(conflict).toMatchObject({
      ok: false,
      failure: {
        kind: "conflict",
        base: { customer_name: "Customer 1" },
        mine: { customer_name: "Mine" },
        theirs: { customer_name: "Theirs" },
      },
    });
    await on.settle(live);
    const forced = await live.edit(1, { customer_name: "Mine" }, { base, force: true }).done;
    expect(forced.ok).toBe(true);
    await on.settle(live);
  });

  it("C-OVER-5: edits of one order go out one after another, each on the one before; others do not wait", async () => {
    on.server.insert();
    on.server.insert();
    const live = on.open();
    await on.settle(live);
    let release: () => void = () => undefined;
    on.server.holdAnswer = ({ path, method }) =>
      method === "PATCH" && path.endsWith("/1") ? new Promise((resolve) => (release = resolve)) : undefined;
    const first = live.edit(1, { status: "shipped" });
    const second = live.edit(1, { customer_name: "Ann" });
    expect(live.row(1)?.order).toMatchObject({ status: "shipped", customer_name: "Ann" });
    const other = await live.edit(2, { status: "delivered" }).done;
    expect(other.ok).toBe(true);
    on.server.holdAnswer = () => undefined;
    release();
    expect(await first.done).toMatchObject({ ok: true });
    expect(await second.done).toMatchObject({ ok: true, order: { status: "shipped", customer_name: "Ann" } });
    expect(on.server.requests.filter(({ path }) => path.endsWith("/1"))).toHaveLength(2);
    await on.settle(live);
  });

  it("C-OVER-6: a write whose answer was cut off is repeated with its key, and made once", async () => {
    const live = on.open();
    await on.settle(live);
    let cuts = 2;
    on.server.fate = ({ method }) => (method === "POST" && cuts-- > 0 ? "cut-after" : "answer");
    const outcome = await live.create({ customer_name: "Ann", product_name: "Chair" }).done;
    expect(outcome).toMatchObject({ ok: true, order: { id: 1 } });
    await on.settle(live);
    expect(on.server.history.rows()).toHaveLength(1);
    expect(
      new Set(on.server.requests.filter(({ method }) => method === "POST").map(({ key }) => key)).size,
    ).toBe(1);
  });

  it("C-OVER-7: waits while the server is away, and is sent when it is back", async () => {
    on.server.insert();
    const live = on.open();
    await on.settle(live);
    await on.server.stop();
    const write = live.edit(1, { status: "shipped" });
    await eventually(() => {
      expect(live.row(1)).toMatchObject({ waiting: true, order: { status: "shipped" } });
    });
    expect(live.status()).toMatchObject({ saving: 1, waiting: 1 });
    await on.server.start();
    expect(await write.done).toMatchObject({ ok: true });
    expect(live.status()).toMatchObject({ saving: 0, waiting: 0 });
    await on.settle(live);
  });

  it("C-OVER-8: an edit of an order that is still being created goes out under its real id", async () => {
    const live = on.open();
    await on.settle(live);
    const created = live.create({ customer_name: "Ann", product_name: "Chair" });
    const edited = live.edit(created.id, { status: "shipped" });
    expect(await edited.done).toMatchObject({ ok: true, order: { id: 1, status: "shipped" } });
    await on.settle(live);
    expect(live.size).toBe(1);
  });

  it("C-OVER-9: a removed order is put back under its id", async () => {
    on.server.insert();
    const live = on.open();
    await on.settle(live);
    const removed = await live.remove(1).done;
    if (!removed.ok) throw new Error("not removed");
    expect(live.size).toBe(0);
    const restored = live.restore(removed.order);
    expect(live.row(1)).toMatchObject({ saving: "restore" });
    expect(await restored.done).toMatchObject({ ok: true, order: { id: 1 } });
    await on.settle(live);
  });

  it("C-OVER-10: an order that is gone cannot be edited, and says so", async () => {
    on.server.insert();
    const live = on.open();
    await on.settle(live);
    on.server.remove(1);
    expect(await live.edit(1, { status: "shipped" }).done).toMatchObject({
      ok: false,
      failure: { kind: "gone" },
    });
    await on.settle(live);
  });

  it("C-OVER-14: many at once go by the bulk route, with a result each", async () => {
    for (let count = 0; count < 3; count += 1) on.server.insert();
    const live = on.open();
    await on.settle(live);
    const progress: number[] = [];
    const outcomes = await live.bulk(
      [
        { op: "patch", id: 1, order: { status: "shipped" } },
        { op: "delete", id: 2 },
        { op: "delete", id: 99 },
      ],
      (done) => progress.push(done),
    );
    expect(outcomes.map((outcome) => (outcome.kind === "answered" ? outcome.result.status : null))).toEqual([
      200, 200, 404,
    ]);
    expect(progress).toEqual([3]);
    await on.settle(live);

    on.server.fate = ({ path }) => (path === "/api/orders/bulk" ? "not-valid" : "answer");
    await live.bulk([{ op: "patch", id: 3, order: { status: "delivered" } }]);
    expect(live.row(3)?.failure).toMatchObject({ kind: "refused", mine: { status: "delivered" } });
    expect(live.row(3)?.order.status).not.toBe("delivered");
    live.dismiss(3);
    expect(live.row(3)?.failure).toBeNull();
  });
});

describe("writes over a reload of the page", () => {
  /** A storage that keeps what is saved, as text. */
  function outboxOf(): OutboxStore & { readonly kept: Map<string, string> } {
    const kept = new Map<string, string>();
    return { ...storageOutbox(storageOf(kept)), kept };
  }

  const writes = () => on.server.requests.filter(({ key }) => key !== undefined);

  it("C-OVER-12: what was made offline is shown as waiting, and sent once, in order, when the server is back", async () => {
    on.server.insert();
    const outbox = outboxOf();
    const before = on.open({ outbox });
    await on.settle(before);
    await on.server.stop();
    const created = before.create({ customer_name: "Ann", product_name: "Chair" });
    before.edit(created.id, { status: "shipped" });
    before.edit(1, { status: "shipped" });
    before.edit(1, { customer_name: "Bob" });
    await eventually(() => {
      expect(before.status().waiting).toBe(2);
    });
    before.stop();
    const kept = new Map(outbox.kept);
    await on.server.start();
    on.server.fate = () => "unavailable";
    const after = on.open({ outbox: storageOutbox(storageOf(kept)) });
    expect(after.resumed()).toHaveLength(4);
    expect(after.row(created.id)).toMatchObject({ order: { customer_name: "Ann", status: "shipped" } });
    on.server.fate = () => "answer";
    const outcomes = await Promise.all(after.resumed().map(({ done }) => done));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    await on.settle(after);
    expect(on.server.history.rows()).toMatchObject([
      { id: 1, customer_name: "Bob", status: "shipped" },
      { id: 2, customer_name: "Ann", status: "shipped" },
    ]);
    expect(on.server.history.changes).toHaveLength(5);
  });

  it("C-OVER-12: a write that was made before the reload is not made again", async () => {
    const outbox = outboxOf();
    const before = on.open({ outbox });
    await on.settle(before);
    on.server.fate = ({ method }) => (method === "POST" ? "cut-after" : "answer");
    before.create({ customer_name: "Ann", product_name: "Chair" });
    await eventually(() => {
      expect(on.server.history.rows()).toHaveLength(1);
    });
    before.stop();
    const kept = new Map(outbox.kept);
    on.server.fate = () => "answer";
    const after = on.open({ outbox: storageOutbox(storageOf(kept)) });
    await Promise.all(after.resumed().map(({ done }) => done));
    await on.settle(after);
    expect(on.server.history.rows()).toHaveLength(1);
    expect(new Set(writes().map(({ key }) => key)).size).toBe(1);
    await eventually(() => {
      expect(kept.size).toBe(0);
    });
  });

  it("C-OVER-13: one whose key may have been forgotten is not sent again, but fails", async () => {
    const order: Order = {
      id: 1,
      customer_name: "Ann",
      product_name: "Chair",
      status: "pending",
      updated_at: "2026-01-01T00:00:00.000Z",
    };
    const old: WriteIntent = {
      kind: "restore",
      key: "k",
      id: 1,
      order,
      madeAt: Date.now() - 24 * 60 * 60 * 1000,
      sentAt: Date.now() - 24 * 60 * 60 * 1000,
    };
    const live = on.open({ outbox: { load: () => [old], save: () => undefined } });
    expect(await live.resumed()[0]?.done).toMatchObject({ ok: false, failure: { kind: "refused" } });
    expect(writes()).toEqual([]);
  });

  it("C-OVER-13: text that is no outbox is left out", () => {
    for (const text of ["{", "[]", '[{"kind":"remove"}]', "7"])
      expect(storageOutbox(storageOf(new Map([["live-orders-outbox", text]]))).load()).toEqual([]);
  });
});

const storageOf = (kept: Map<string, string>) => ({
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
  removeItem: (name: string) => void kept.delete(name),
});
