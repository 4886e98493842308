import { etagOf } from "@live-orders/protocol/etag";
import {
  bulkAnswerSchema,
  countsSchema,
  orderAnswerSchema,
  orderPageSchema,
} from "@live-orders/protocol/http-orders";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOnMemory } from "../../test/api-server.ts";
import { call, type Answer, type CallOptions } from "../../test/call.ts";

let server: Awaited<ReturnType<typeof startOnMemory>>;
beforeAll(async () => {
  server = await startOnMemory();
});
afterAll(() => server.dispose());

const send = (method: string, path: string, options?: CallOptions): Promise<Answer> =>
  call(server.url, method, path, options);
const FIELDS = { customer_name: "Ada", product_name: "Chair", status: "pending" };
const create = async (fields: object = FIELDS) =>
  orderAnswerSchema.parse((await send("POST", "/api/orders", { body: fields })).json()).order;

describe("POST /api/orders", () => {
  it("answers 201 with the order, Location and ETag; status is pending unless it says otherwise", async () => {
    const answer = await send("POST", "/api/orders", {
      body: { customer_name: "  Ada ", product_name: "Chair\u2003" },
    });
    const { order } = orderAnswerSchema.parse(answer.json());
    expect(answer.status).toBe(201);
    expect(order).toMatchObject({ customer_name: "Ada", product_name: "Chair", status: "pending" });
    expect(answer.headers.get("Location")).toBe(`/api/orders/${order.id}`);
    expect(answer.headers.get("ETag")).toBe(etagOf(order));
  });

  it("with an Idempotency-Key gives the first answer again, whatever the spaces and the order of the fields", async () => {
    const headers = { "Idempotency-Key": "again" };
    const first = await send("POST", "/api/orders", { body: FIELDS, headers });
    const text = ' { "status":"pending", "product_name":"Chair" ,"customer_name":"Ada"}';
    const second = await send("POST", "/api/orders", { body: text, headers });
    expect([second.status, second.json()]).toEqual([201, first.json()]);
  });

  it("refuses a key that was used with another body or route: 422 key-conflict", async () => {
    const headers = { "Idempotency-Key": "conflict" };
    const { id } = await create();
    await send("POST", "/api/orders", { body: FIELDS, headers });
    const body = await send("POST", "/api/orders", { body: { ...FIELDS, customer_name: "Bob" }, headers });
    const route = await send("PATCH", `/api/orders/${id}`, { body: FIELDS, headers });
    expect([body.problem().slug, route.problem().slug]).toEqual(["key-conflict", "key-conflict"]);
    expect([body.status, route.status]).toEqual([422, 422]);
  });

  it.each(["", "a b", "x".repeat(129), "é"])("refuses a key that is none: %j", async (key) => {
    const answer = await send("POST", "/api/orders", { body: FIELDS, headers: { "Idempotency-Key": key } });
    expect(answer.problem()).toMatchObject({ slug: "validation", errors: [{ path: "Idempotency-Key" }] });
  });
});

describe("GET /api/orders", () => {
  it("pages by limit and after, and filters by repeated status", async () => {
    await create({ ...FIELDS, customer_name: "Page", status: "shipped" });
    await create({ ...FIELDS, customer_name: "Page", status: "delivered" });
    await create({ ...FIELDS, customer_name: "Page" });
    const path = "/api/orders?q=page&status=shipped&status=delivered&limit=1&sort=id";
    const first = orderPageSchema.parse((await send("GET", path)).json());
    const after = encodeURIComponent(first.next ?? "");
    const second = orderPageSchema.parse((await send("GET", `${path}&after=${after}`)).json());
    expect([...first.orders, ...second.orders].map(({ status }) => status)).toEqual(["shipped", "delivered"]);
    expect(second.next).toBeNull();
  });

  it.each([
    ["unknown=1", "unknown"],
    ["__proto__=1", "__proto__"],
    ["limit=1&limit=2", "limit"],
    ["q=a&q=a", "q"],
    ["limit=0", "limit"],
    ["limit=501", "limit"],
    ["limit=1e2", "limit"],
    ["limit=", "limit"],
    ["status=gone", "status.0"],
    ["status[$ne]=pending", "status[$ne]"],
    ["sort=-price", "sort"],
    ["after=", "after"],
    ["q=%00", "q"],
    ["q=%ED%A0%80", "query"],
  ])("refuses ?%s and names what is wrong", async (query, path) => {
    const problem = (await send("GET", `/api/orders?${query}`)).problem();
    expect(problem.slug).toBe("validation");
    expect(problem.errors?.map((error) => error.path)).toContain(path);
  });
});

describe("GET /api/orders/counts", () => {
  it("counts what q finds", async () => {
    await create({ ...FIELDS, customer_name: "Counted", status: "shipped" });
    const counts = countsSchema.parse((await send("GET", "/api/orders/counts?q=counted")).json());
    expect(counts).toMatchObject({ pending: 0, shipped: 1, delivered: 0, total: 1 });
  });
});

describe("GET /api/orders/:id", () => {
  it("answers the order with its ETag", async () => {
    const order = await create();
    const answer = await send("GET", `/api/orders/${order.id}`);
    expect(orderAnswerSchema.parse(answer.json()).order).toEqual(order);
    expect(answer.headers.get("ETag")).toBe(etagOf(order));
  });

  it("answers HEAD without a body", async () => {
    const order = await create();
    const answer = await send("HEAD", `/api/orders/${order.id}`);
    expect([answer.status, answer.text, answer.headers.get("ETag")]).toEqual([200, "", etagOf(order)]);
  });

  it("answers 404 not-found, and 400 for an id that no order can have", async () => {
    expect((await send("GET", "/api/orders/2147483647")).problem().slug).toBe("not-found");
    for (const id of ["0", "-1", "01", "1.5", "1e3", "2147483648", "NaN", "x", "%00", "1%20"]) {
      expect((await send("GET", `/api/orders/${id}`)).problem().slug).toBe("validation");
    }
  });
});

describe("PATCH /api/orders/:id", () => {
  it("answers the order as it is now", async () => {
    const { id } = await create();
    const answer = await send("PATCH", `/api/orders/${id}`, { body: { status: "shipped" } });
    const { order } = orderAnswerSchema.parse(answer.json());
    expect([answer.status, order.status, answer.headers.get("ETag")]).toEqual([
      200,
      "shipped",
      etagOf(order),
    ]);
  });

  it("with an If-Match that no longer holds: 412 stale with the order as it stands", async () => {
    const order = await create();
    const headers = { "If-Match": etagOf(order) };
    await send("PATCH", `/api/orders/${order.id}`, { body: { status: "shipped" }, headers });
    const answer = await send("PATCH", `/api/orders/${order.id}`, { body: { status: "delivered" }, headers });
    expect(answer.status).toBe(412);
    expect(answer.problem()).toMatchObject({ slug: "stale", current: { id: order.id, status: "shipped" } });
  });

  it("is one request under one key, whatever its If-Match", async () => {
    const order = await create();
    const key = { "Idempotency-Key": "patch" };
    const path = `/api/orders/${order.id}`;
    const first = await send("PATCH", path, {
      body: { status: "shipped" },
      headers: { ...key, "If-Match": etagOf(order) },
    });
    const second = await send("PATCH", path, {
      body: { status: "shipped" },
      headers: { ...key, "If-Match": "*" },
    });
    expect([second.status, second.json()]).toEqual([200, first.json()]);
  });

  it.each([{}, { id: 5 }, { updated_at: "2020-01-01T00:00:00.000Z" }, { status: null }, [], "x", null, 5])(
    "refuses %j",
    async (body) => {
      const { id } = await create();
      const answer = await send("PATCH", `/api/orders/${id}`, { body: JSON.stringify(body) });
      expect(answer.problem().slug).toBe("validation");
    },
  );
});

describe("PUT /api/orders/:id", () => {
  const headers = { "If-None-Match": "*" };

  it("creates the order under this id: 201 with Location and ETag", async () => {
    const answer = await send("PUT", "/api/orders/70001", { body: FIELDS, headers });
    expect([answer.status, answer.headers.get("Location")]).toEqual([201, "/api/orders/70001"]);
    expect(orderAnswerSchema.parse(answer.json()).order).toMatchObject({ id: 70_001, ...FIELDS });
  });

  it("answers 412 stale with current if one stands there", async () => {
    const order = await create();
    const answer = await send("PUT", `/api/orders/${order.id}`, { body: FIELDS, headers });
    expect(answer.problem()).toMatchObject({ slug: "stale", status: 412, current: order });
  });

  it.each([undefined, '"x"', "**", '*, "x"'])("is refused with If-None-Match: %s", async (value) => {
    const header = value === undefined ? {} : { "If-None-Match": value };
    const answer = await send("PUT", "/api/orders/70002", { body: FIELDS, headers: header });
    expect(answer.problem()).toMatchObject({ slug: "validation", errors: [{ path: "If-None-Match" }] });
  });

  it("takes all three fields and no other", async () => {
    for (const body of [
      { customer_name: "Ada", product_name: "Chair" },
      { ...FIELDS, updated_at: "2020-01-01T00:00:00.000Z" },
    ]) {
      const answer = await send("PUT", "/api/orders/70003", { body, headers });
      expect(answer.problem().slug).toBe("validation");
    }
  });
});

describe("DELETE /api/orders/:id", () => {
  it("answers the order as it was, and 404 afterwards", async () => {
    const order = await create();
    const answer = await send("DELETE", `/api/orders/${order.id}`);
    expect(orderAnswerSchema.parse(answer.json()).order).toEqual(order);
    expect((await send("DELETE", `/api/orders/${order.id}`)).problem().slug).toBe("not-found");
  });

  it("takes an empty object for a body, and refuses any other", async () => {
    const order = await create();
    const refused = await send("DELETE", `/api/orders/${order.id}`, { body: { id: order.id } });
    expect(refused.problem().slug).toBe("validation");
    expect((await send("DELETE", `/api/orders/${order.id}`, { body: {} })).status).toBe(200);
  });
});

describe("POST /api/orders/bulk", () => {
  it("answers one result for each operation, in order", async () => {
    const order = await create();
    const operations = [
      { op: "create", order: { customer_name: "Bulk", product_name: "Chair" } },
      { op: "put", id: 70_010, order: { ...FIELDS, updated_at: "2020-02-03T04:05:06+01:00" } },
      { op: "put", id: order.id, order: FIELDS },
      { op: "patch", id: order.id, order: { status: "shipped" }, ifMatch: '"no"' },
      { op: "patch", id: order.id, order: { status: "shipped" }, ifMatch: etagOf(order) },
      { op: "delete", id: order.id },
      { op: "delete", id: order.id },
    ];
    const answer = await send("POST", "/api/orders/bulk", { body: { operations } });
    const { results } = bulkAnswerSchema.parse(answer.json());
    expect(results.map(({ status }) => status)).toEqual([201, 201, 412, 412, 200, 200, 404]);
    expect(results[1]?.order?.updated_at).toBe("2020-02-03T03:05:06.000Z");
    expect(results[3]?.problem).toMatchObject({ type: "urn:live-orders:stale", current: order });
  });

  it("names the operation that is wrong, and carries none of them out", async () => {
    const operations = [
      { op: "create", order: { customer_name: "Half", product_name: "Chair" } },
      { op: "create", order: { customer_name: "", product_name: "Chair" } },
    ];
    const answer = await send("POST", "/api/orders/bulk", { body: { operations } });
    expect(answer.problem().errors).toEqual([
      expect.objectContaining({ path: "operations.1.order.customer_name" }),
    ]);
    const page = orderPageSchema.parse((await send("GET", "/api/orders?q=half")).json());
    expect(page.orders).toEqual([]);
  });

  it("takes 1 to 1,000 operations", async () => {
    const many = (count: number) => ({
      operations: Array.from({ length: count }, () => ({ op: "delete", id: 99_999 })),
    });
    expect((await send("POST", "/api/orders/bulk", { body: many(0) })).problem().slug).toBe("validation");
    expect((await send("POST", "/api/orders/bulk", { body: many(1000) })).status).toBe(200);
    expect((await send("POST", "/api/orders/bulk", { body: many(1001) })).problem().slug).toBe("validation");
  });
});
