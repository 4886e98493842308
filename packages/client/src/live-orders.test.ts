import { describe, expect, it } from "vitest";
import { eventually, kindOf, record, shown, useLiveOrdersServer } from "./fake/live-orders-server.ts";
import type { FeedTransport } from "./feed-transport.ts";
import { fallbackTransport } from "./fallback-transport.ts";
import type { LiveOrdersOptions } from "./live-orders-session.ts";
import type { OrdersApi } from "./orders-api.ts";
import { longPollTransport, pollTransport } from "./polling-transport.ts";
import { socketIoTransport } from "./socket-io-transport.ts";
import { sseTransport } from "./sse-transport.ts";

const on = useLiveOrdersServer();

const blocked: FeedTransport = {
  name: "blocked",
  open: (events) => {
    queueMicrotask(() => {
      events.lost("no WebSocket gets through");
    });
    return { watch: () => undefined, unwatch: () => undefined, close: () => undefined };
  },
};
const sse = () => sseTransport({ baseUrl: on.server.url, api: on.api() });
const transports = {
  "Socket.IO": () => socketIoTransport({ url: on.server.url }),
  "Server-Sent Events": sse,
  "long poll": () => longPollTransport({ api: on.api(), wait: 2 }),
  poll: () => pollTransport({ api: on.api(), interval: 20 }),
  "the first that works": () => fallbackTransport([blocked, sse()]),
};

describe.each(Object.entries(transports))("a live collection over %s", (_name, transport) => {
  const open = (options: Partial<LiveOrdersOptions> = {}) => on.open({ transport: transport(), ...options });

  it("C-LIVE-1: loads the list page by page and follows the feed from its first page on", async () => {
    for (let count = 0; count < 37; count += 1) on.server.insert();
    const live = open({ firstLimit: 5, limit: 10 });
    await on.settle(live);
    await eventually(() => {
      expect(live.status().snapshot).toEqual({ kind: "complete", loaded: 37 });
    });
    const seen = record(live);
    on.server.update(3, { status: "shipped" });
    on.server.insert();
    on.server.remove(7);
    await on.settle(live);
    expect(seen.map(({ id, by }) => [id, by])).toEqual([
      [3, "others"],
      [38, "others"],
      [7, "others"],
    ]);
    expect(on.server.requests.filter(({ path }) => path === "/api/orders")).toHaveLength(5);
  });

  it("C-LIVE-2: catches up after a cut without asking for the list again", async () => {
    on.server.insert();
    const live = open();
    await on.settle(live);
    const lists = () => on.server.requests.filter(({ path }) => path === "/api/orders").length;
    const asked = lists();
    await on.cut(live);
    for (let count = 0; count < 200; count += 1) on.server.insert();
    on.server.update(1, { customer_name: "Other" });
    await on.settle(live);
    expect(lists()).toBe(asked);
  });

  it("C-LIVE-2: outlives a server that is stopped and started again", async () => {
    on.server.insert();
    const live = open();
    await on.settle(live);
    await on.server.stop();
    on.server.history.update(1, { status: "delivered" });
    await eventually(() => {
      expect(kindOf(live)).toBe("reconnecting");
    });
    await on.server.start();
    await on.settle(live);
  });

  it("C-LIVE-3: reads a new snapshot when the history is lost, and says so", async () => {
    for (let count = 0; count < 10; count += 1) on.server.insert();
    const live = open();
    await on.settle(live);
    await on.cut(live);
    on.server.remove(4);
    on.server.insert();
    on.server.forgetHistory();
    on.server.insert();
    await on.settle(live);
    expect(live.status().resyncs).toEqual({ count: 1, reason: "history-lost" });
  });

  it("C-LIVE-4: changes statuses without a gap, and shows at once what it held already", async () => {
    for (let count = 0; count < 30; count += 1)
      on.server.insert({ status: count % 2 ? "pending" : "shipped" });
    const live = open();
    await on.settle(live);
    live.setStatuses(["shipped"]);
    expect(shown(live).every(({ status }) => status === "shipped")).toBe(true);
    expect(live.size).toBe(15);
    on.server.update(1, { status: "pending" });
    on.server.update(2, { status: "shipped" });
    await on.settle(live);
    on.server.update(3, { status: "pending" });
    await on.settle(live);
    live.setStatuses(["pending", "delivered"]);
    await on.settle(live);
    expect(live.size).toBe(16);
  });

  it("C-LIVE-5: shows the live counts", async () => {
    on.server.insert();
    const live = open();
    await on.settle(live);
    on.server.insert({ status: "shipped" });
    await eventually(() => {
      expect(live.status().counts).toMatchObject({ pending: 1, shipped: 1, delivered: 0, total: 2 });
    });
  });

  it("C-LIVE-6: tells where an order went that leaves the statuses", async () => {
    on.server.insert();
    const live = open({ statuses: ["pending"] });
    await on.settle(live);
    const seen = record(live);
    on.server.update(1, { status: "shipped" });
    await on.settle(live);
    expect(seen).toMatchObject([{ id: 1, after: null, change: { after: { status: "shipped" } } }]);
  });

  it("C-LIVE-7: keeps no more orders than its capacity, and says so", async () => {
    for (let count = 0; count < 40; count += 1) on.server.insert();
    const live = open({ firstLimit: 10, limit: 10, capacity: 20 });
    await eventually(() => {
      expect(live.status().snapshot).toEqual({ kind: "bounded", loaded: 20 });
    });
    for (let count = 0; count < 5; count += 1) on.server.insert();
    on.server.update(40, { status: "shipped" });
    await eventually(() => {
      expect(live.row(40)?.order.status).toBe("shipped");
    });
    const newest = on.server.history.rows().sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    for (const { id } of newest.slice(0, 20)) expect(live.row(id)).toBeDefined();
    expect(live.size).toBeLessThanOrEqual(21);
    expect(live.row(3)).toBeUndefined();
    await live.load({ q: "Customer 3", limit: 1, sort: { field: "id", descending: false } });
    expect(live.row(3)).toBeDefined();
    const end = live.keep(() => new Set([3]));
    const insertMany = async () => {
      for (let count = 0; count < 5; count += 1) on.server.insert();
      const { position } = on.server.history;
      await eventually(() => {
        expect(live.position()).toBe(position);
      });
    };
    await insertMany();
    expect(live.row(3)).toBeDefined();
    expect(live.size).toBeLessThanOrEqual(22);
    end();
    await insertMany();
    expect(live.row(3)).toBeUndefined();
  });

  it("C-LIVE-7: says so, too, when they grow beyond it", async () => {
    for (let count = 0; count < 20; count += 1) on.server.insert();
    const live = open({ firstLimit: 10, limit: 10, capacity: 20 });
    await on.settle(live);
    expect(live.status().snapshot).toEqual({ kind: "complete", loaded: 20 });
    const seen = record(live);
    for (let count = 0; count < 3; count += 1) on.server.insert();
    await eventually(() => {
      expect(live.status().snapshot).toEqual({ kind: "bounded", loaded: 20 });
    });
    expect(live.row(23)).toBeDefined();
    expect(live.row(1)).toBeUndefined();
    const left = seen.filter(({ after }) => after === null);
    expect(left.map(({ id, by }) => [id, by])).toContainEqual([1, "bound"]);
    expect(left.every(({ by }) => by === "bound")).toBe(true);
  });

  it("C-LIVE-8: asks for a page again until it comes", async () => {
    for (let count = 0; count < 30; count += 1) on.server.insert();
    let left = 2;
    on.server.fate = ({ query }) => (query.has("after") && left-- > 0 ? "unavailable" : "answer");
    const live = open({ firstLimit: 10, limit: 10 });
    await eventually(() => {
      expect(live.status().snapshot).toEqual({ kind: "complete", loaded: 30 });
    });
    await on.settle(live);
  });

  it("C-LIVE-9: a view keeps the rows sorted and searched", async () => {
    for (let count = 0; count < 30; count += 1) on.server.insert();
    const live = open();
    await on.settle(live);
    const view = live.view({ sort: { field: "id", descending: true }, q: "customer 1" });
    on.server.update(1, { customer_name: "Someone" });
    on.server.update(2, { customer_name: "A CUSTOMER 1" });
    await on.settle(live);
    expect(view.rows().map(({ id }) => id)).toEqual(
      [19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 2, 1].slice(0, 11),
    );
    expect(view.indexOf(2)).toBe(10);
    view.set({ q: "" });
    expect(view.rows()).toHaveLength(30);
  });
});

describe("a live collection over Socket.IO alone", () => {
  it("C-LIVE-12: hands every change to who follows it, once and in order, also two of one order at once", async () => {
    on.server.insert();
    const live = on.open();
    await on.settle(live);
    const before = live.position() ?? "";
    const seen: string[] = [];
    const end = live.follow((batch) => seen.push(...batch.changes.map(({ position }) => position)));
    on.server.update(1, { customer_name: "a" });
    on.server.update(1, { customer_name: "b" });
    await on.cut(live);
    on.server.remove(1);
    await on.settle(live);
    const later = on.server.history.changes.filter(({ position }) => position > before);
    expect(seen).toEqual(later.map(({ position }) => position));
    expect(seen).toHaveLength(3);
    expect(live.position()).toBe(on.server.history.position);
    end();
    on.server.insert();
    await on.settle(live);
    expect(seen).toHaveLength(3);
  });

  it("C-LIVE-13: a page that is too old to be judged is asked for again", async () => {
    on.server.insert();
    const api = on.api();
    const old = [await api.list({ q: "customer" })];
    on.server.insert();
    const list: OrdersApi["list"] = (query, how) => {
      const answer = query?.q === "customer" ? old.pop() : undefined;
      return answer === undefined ? api.list(query, how) : Promise.resolve(answer);
    };
    const live = on.open({ api: { ...api, list }, firstLimit: 1, limit: 1, capacity: 1 });
    await eventually(() => {
      expect(live.status().snapshot.kind).toBe("bounded");
    });
    expect(await live.load({ q: "customer" })).toEqual({ ok: true, value: [2, 1] });
    expect(live.row(1)).toBeDefined();
  });

  it("C-LIVE-13: a page comes in the statuses that are watched by then", async () => {
    for (const status of ["pending", "shipped", "shipped"] as const) on.server.insert({ status });
    const live = on.open({ statuses: ["pending"] });
    await on.settle(live);
    on.server.holdAnswer = ({ query }) => {
      if (!query.has("q")) return;
      on.server.holdAnswer = () => undefined;
      live.setStatuses(["shipped"]);
    };
    expect(await live.load({ q: "customer" })).toEqual({ ok: true, value: [3, 2] });
  });

  it("C-LIVE-13: what goes wrong with a page is said, and one that is called off lays nothing", async () => {
    for (let count = 0; count < 3; count += 1) on.server.insert();
    const live = on.open({ firstLimit: 1, limit: 1, capacity: 1 });
    await eventually(() => {
      expect(live.status().snapshot.kind).toBe("bounded");
    });
    on.server.fate = () => "unavailable";
    expect(await live.load({ q: "customer" })).toMatchObject({ ok: false, error: { kind: "problem" } });
    on.server.fate = () => "answer";
    const calling = new AbortController();
    on.server.holdAnswer = () => {
      calling.abort();
    };
    const answer = await live.load({ q: "customer" }, { signal: calling.signal });
    expect(answer).toEqual({ ok: false, error: { kind: "aborted" } });
    expect(live.size).toBe(1);
  });

  it("C-LIVE-10: reads the order of a change that came without its image", async () => {
    on.server.insert();
    on.server.insert();
    const live = on.open();
    await on.settle(live);
    on.server.withoutImages = true;
    on.server.update(1, { status: "shipped" });
    on.server.insert();
    on.server.remove(2);
    await on.settle(live);
    expect(live.row(1)?.order.status).toBe("shipped");
    expect(on.server.requests.map(({ path }) => path)).toContain("/api/orders/1");
  });

  it("C-LIVE-10: an order that went on under a status that is not watched is gone", async () => {
    on.server.insert({ status: "delivered" });
    const live = on.open({ statuses: ["pending", "delivered"] });
    await on.settle(live);
    const reads: (() => void)[] = [];
    on.server.fate = ({ path }) =>
      path === "/api/orders/1" ? new Promise((resolve) => reads.push(() => resolve("answer"))) : "answer";
    on.server.withoutImages = true;
    on.server.update(1, { status: "shipped" });
    await eventually(() => {
      expect(reads).toHaveLength(1);
    });
    on.server.withoutImages = false;
    on.server.remove(1);
    for (const read of reads) read();
    await on.settle(live);
    await eventually(() => {
      expect(live.row(1)).toBeUndefined();
    });
  });

  it("C-LIVE-3: reads a new snapshot when the server says in mid-stream that the collection is gone", async () => {
    for (let count = 0; count < 10; count += 1) on.server.insert();
    const live = on.open();
    await on.settle(live);
    on.server.history.remove(2);
    on.server.resetAll("collection-gone");
    await on.settle(live);
    expect(live.status().resyncs).toEqual({ count: 1, reason: "collection-gone" });
  });
});
