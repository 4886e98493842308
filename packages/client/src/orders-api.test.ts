import { etagOf } from "@live-orders/protocol/etag";
import type { Order } from "@live-orders/protocol/order";
import { problem } from "@live-orders/protocol/problem";
import { describe, expect, it } from "vitest";
import { ManualClock, settlePromises } from "./fake/manual-clock.ts";
import { createOrdersApi } from "./orders-api.ts";

const order: Order = {
  id: 7,
  customer_name: "Ann",
  product_name: "Chair",
  status: "pending",
  updated_at: "2026-01-01T00:00:00.000Z",
};
const answer = { order, position: "p1" };

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | null;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const unavailable = (retryAfter = "1") =>
  json(problem("unavailable", { detail: "away", requestId: "r" }), 503, { "Retry-After": retryAfter });

/** An API over a list of replies: a response, or an error that is thrown; "silence" never answers. */
function over(...replies: (Response | Error | "silence")[]) {
  const sent: Sent[] = [];
  const clock = new ManualClock();
  let keys = 0;
  const api = createOrdersApi({
    baseUrl: "http://server/",
    clock,
    random: () => 0,
    newKey: () => `key-${(keys += 1)}`,
    timeout: 5000,
    fetch: (input, init) => {
      const request = new Request(input, init);
      const body = typeof init?.body === "string" ? init.body : null;
      sent.push({ method: request.method, url: request.url, headers: request.headers, body });
      const reply = replies.shift() ?? new Error("no more replies");
      if (reply === "silence")
        return new Promise((_resolve, reject) => {
          init?.signal?.addEventListener("abort", () => {
            reject(new Error("aborted"));
          });
        });
      return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
    },
  });
  return { api, sent, clock };
}

describe("requests", () => {
  it("C-API-1: a list's filter, search, sort and page go into the query", async () => {
    const { api, sent } = over(json({ orders: [order], next: null, position: "p1", cursor: "c1" }));
    const page = await api.list({
      statuses: ["pending", "shipped"],
      q: "a&b",
      sort: { field: "id", descending: true },
      limit: 5,
      after: "next",
    });
    expect(page).toMatchObject({ ok: true, value: { orders: [order], cursor: "c1" } });
    expect(sent[0]?.url).toBe(
      "http://server/api/orders?status=pending&status=shipped&q=a%26b&sort=-id&limit=5&after=next",
    );
    expect(sent[0]?.headers.has("Idempotency-Key")).toBe(false);
  });

  it("C-API-2: every write carries a key of its own, and If-Match where a version is given", async () => {
    const { api, sent } = over(...Array.from({ length: 4 }, () => json(answer)));
    await api.create({ customer_name: "Ann", product_name: "Chair" });
    await api.patch(7, { status: "shipped" }, { ifMatch: order });
    await api.put(7, { customer_name: "Ann", product_name: "Chair", status: "pending" });
    await api.remove(7, { key: "mine" });
    expect(sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      "POST /api/orders",
      "PATCH /api/orders/7",
      "PUT /api/orders/7",
      "DELETE /api/orders/7",
    ]);
    const header = (name: string) => sent.map(({ headers }) => headers.get(name));
    expect(header("Idempotency-Key")).toEqual(["key-1", "key-2", "key-3", "mine"]);
    expect(header("If-Match")).toEqual([null, etagOf(order), null, null]);
    expect(header("If-None-Match")).toEqual([null, null, "*", null]);
  });
});

describe("what may go wrong", () => {
  it("C-API-3: a problem is an answer, not an exception", async () => {
    const stale = problem("stale", { detail: "changed", requestId: "r", current: order });
    const { api } = over(json(stale, 412));
    expect(await api.patch(7, { status: "shipped" })).toEqual({
      ok: false,
      error: { kind: "problem", problem: stale, retryAfter: null },
    });
  });

  it("C-API-3: so is a page that is no answer of ours, and one that breaks the contract", async () => {
    const { api } = over(new Response("<html>", { status: 404 }), json({ order: { id: "7" } }));
    expect(await api.get(7)).toMatchObject({ ok: false, error: { kind: "malformed", status: 404 } });
    expect(await api.get(7)).toMatchObject({ ok: false, error: { kind: "malformed", status: 200 } });
  });

  it("C-API-3: a read is tried once, and says that the server was not reached", async () => {
    const { api } = over(new Error("fetch failed", { cause: new Error("connect ECONNREFUSED") }));
    expect(await api.get(7)).toEqual({
      ok: false,
      error: { kind: "unreachable", cause: "connect ECONNREFUSED" },
    });
  });

  it("C-API-4: a write is repeated with its key, after a growing wait or the one that was asked for", async () => {
    const { api, sent, clock } = over(new Error("cut"), unavailable("2"), json(answer, 201));
    const written = api.create({ customer_name: "Ann", product_name: "Chair" });
    await settlePromises();
    expect(clock.waits()).toEqual([125]);
    clock.pass(125);
    await settlePromises();
    expect(clock.waits()).toEqual([2250]);
    clock.pass(2250);
    expect(await written).toEqual({ ok: true, value: answer });
    expect(sent.map(({ headers }) => headers.get("Idempotency-Key"))).toEqual(["key-1", "key-1", "key-1"]);
  });

  it("C-API-4: but not for ever, and never after a refusal", async () => {
    const { api, sent, clock } = over(unavailable(), unavailable(), unavailable(), unavailable());
    const written = api.remove(7);
    for (let tries = 0; tries < 4; tries += 1) {
      await settlePromises();
      clock.pass(60_000);
    }
    expect(await written).toMatchObject({ ok: false, error: { kind: "problem", retryAfter: 1000 } });
    expect(sent).toHaveLength(4);
    const refused = over(json(problem("validation", { detail: "no", requestId: "r" }), 400));
    await refused.api.remove(7);
    expect(refused.sent).toHaveLength(1);
  });

  it("C-API-5: silence ends with the time-out, the wait that was asked of the server on top", async () => {
    const { api, clock } = over("silence", "silence");
    const read = api.get(7);
    const poll = api.changes({ wait: 30 });
    clock.pass(5000);
    expect(await read).toMatchObject({ ok: false, error: { kind: "unreachable" } });
    expect(clock.waits()).toEqual([30_000]);
    clock.pass(30_000);
    expect(await poll).toMatchObject({ ok: false, error: { kind: "unreachable" } });
  });

  it("C-API-6: a request that is called off says so, while it waits to be repeated, too", async () => {
    const { api, clock, sent } = over("silence", unavailable());
    const stop = new AbortController();
    const read = api.get(7, { signal: stop.signal });
    stop.abort();
    expect(await read).toEqual({ ok: false, error: { kind: "aborted" } });
    const stopWrite = new AbortController();
    const write = api.remove(7, { signal: stopWrite.signal });
    await settlePromises();
    stopWrite.abort();
    expect(await write).toEqual({ ok: false, error: { kind: "aborted" } });
    expect(sent).toHaveLength(2);
    expect(clock.waits()).toEqual([]);
  });
});
