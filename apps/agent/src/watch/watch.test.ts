import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { MemoryMessages } from "@live-orders/testkit/memory-messages";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { triggerFileSchema } from "../triggers/trigger.ts";
import { AgeingSweep } from "./ageing-sweep.ts";
import { CauseRecorder } from "./cause-recorder.ts";
import { OrderWatcher } from "./order-watcher.ts";

const HOUR = 3_600_000;
const at = (hour: number): string => new Date(Date.UTC(2026, 0, 1) + hour * HOUR).toISOString();
const place = (hour: number): string => `p${String(hour).padStart(3, "0")}`;

const { triggers } = triggerFileSchema.parse({
  triggers: [{ kind: "pending-too-long", after: "24h" }, { kind: "became-shipped" }],
});

const order = (status: Status, hour: number, customer = "Ada"): Order => ({
  id: 1,
  customer_name: customer,
  product_name: "Chair",
  status,
  updated_at: at(hour),
});

const update = (hour: number, before: Order, after: Order): Change => ({
  position: place(hour),
  op: "update",
  id: 1,
  before,
  after,
  at: at(hour),
});

/** A server that keeps no history, with one order. */
function setting() {
  const messages = new MemoryMessages(() => Date.UTC(2026, 0, 2));
  const recorder = new CauseRecorder({ messages, by: "test", log: pino({ level: "silent" }) });
  const world = { order: order("pending", 0), hour: 0 };
  const ok = <Value>(value: Value) => Promise.resolve({ ok: true as const, value });
  const api: Pick<OrdersApi, "list" | "history" | "get" | "changes"> = {
    list: ({ statuses = [] } = {}) => {
      const orders = statuses.includes(world.order.status) ? [world.order] : [];
      return ok({ orders, next: null, position: place(world.hour), cursor: "now" });
    },
    history: () => ok({ changes: [], next: null, position: null, since: null }),
    get: () => ok({ order: world.order, position: place(world.hour) }),
    changes: () => ok({ changes: [], position: place(world.hour), cursor: "first", more: false }),
  };
  const looks: string[] = [];
  const watcher = new OrderWatcher({
    name: "agent",
    api,
    messages,
    triggers,
    recorder,
    about: { drafts_by: "test", sends: false },
    freshLook: (since) => {
      looks.push(since);
      return Promise.resolve();
    },
  });
  const sweep = new AgeingSweep({
    api,
    messages,
    recorder,
    triggers,
    now: () => Date.UTC(2026, 0, 1) + world.hour * HOUR,
  });
  /** The order's next change, as the feed tells it. */
  const change = async (hour: number, next: Order) => {
    const told = update(hour, world.order, next);
    Object.assign(world, { order: next, hour });
    await watcher.apply({ changes: [told], position: told.position, cursor: `c${hour}` });
  };
  const all = () => messages.changes(0, 100);
  return { messages, world, watcher, sweep, looks, change, all };
}

const never = new AbortController().signal;

describe("where the watcher begins", () => {
  it("is the feed of now at the first start, with nothing to look back for, and its place from then on", async () => {
    const { watcher, looks, messages } = setting();
    expect(await watcher.begin({ kind: "start" }, never)).toMatchObject({
      ok: true,
      value: { after: "first" },
    });
    expect(looks).toEqual([]);
    await messages.savePlace("agent", { cursor: "later", drafts_by: "test", sends: false });
    expect(await watcher.begin({ kind: "start" }, never)).toMatchObject({
      ok: true,
      value: { after: "later" },
    });
  });

  it("is where the feed goes on after a reset, when it has looked for what it missed since it was last here", async () => {
    const { watcher, looks, messages } = setting();
    await messages.savePlace("agent", { cursor: "old", drafts_by: "test", sends: false });
    const reset = { kind: "reset", reason: "history-lost", cursor: "on" } as const;
    expect(await watcher.begin(reset, never)).toMatchObject({ ok: true, value: { after: "on" } });
    expect(looks).toEqual(["2026-01-01T23:59:00.000Z"]);
    expect(await messages.readPlace("agent")).toBe("on");
  });

  it("is not moved when what came could not be recorded", async () => {
    const { watcher, messages } = setting();
    await watcher.begin({ kind: "start" }, never);
    messages.add = () => Promise.reject(new Error("away"));
    const told = update(1, order("pending", 0), order("shipped", 1));
    const batch = { changes: [told], position: told.position, cursor: "c1" };
    await expect(watcher.apply(batch)).rejects.toThrow("away");
    expect(await messages.readPlace("agent")).toBe("first");
  });
});

describe("without a history", () => {
  it("an order that is pending for too long fires once a stay, whatever is renamed in it", async () => {
    const { sweep, change, world, all } = setting();
    world.hour = 23;
    await sweep.run(never);
    expect(await all()).toEqual([]);
    world.hour = 25;
    await sweep.run(never);
    const [first] = await all();
    expect(first?.cause).toMatchObject({ position: `updated_at:${at(0)}`, at: at(0) });
    await change(26, order("pending", 26, "Bob"));
    world.hour = 60;
    await sweep.run(never);
    expect((await all()).map(({ state, ended }) => [state, ended?.kind])).toEqual([["obsolete", "renamed"]]);
  });

  it("an order that left and came back fires anew when its new stay is too long", async () => {
    const { sweep, change, world, all } = setting();
    world.hour = 25;
    await sweep.run(never);
    await change(26, order("delivered", 26));
    await change(27, order("pending", 27));
    world.hour = 50;
    await sweep.run(never);
    expect((await all()).map(({ ended }) => ended?.kind)).toEqual(["moved"]);
    world.hour = 52;
    await sweep.run(never);
    expect((await all()).map(({ ended }) => ended?.kind)).toEqual(["moved", undefined]);
  });

  it("an order that left before its message was written has one that is obsolete", async () => {
    const { sweep, change, world, all, messages } = setting();
    world.hour = 25;
    const add = messages.add.bind(messages);
    messages.add = async (queued) => {
      messages.add = add;
      await change(26, order("delivered", 26));
      return add(queued);
    };
    await sweep.run(never);
    expect((await all()).map(({ state }) => state)).toEqual(["obsolete"]);
  });
});
