import { orderPageSchema } from "@live-orders/protocol/http-orders";
import { PROBLEMS, slugOf } from "@live-orders/protocol/problem";
import { unwatchAckSchema, watchAckSchema } from "@live-orders/protocol/socket-events";
import { useMongo } from "@live-orders/testkit/use-mongo";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startOnMongo, type ApiServer } from "../test/api-server.ts";
import { call, type Answer } from "../test/call.ts";
import { SocketClient } from "../test/socket-client.ts";

const mongo = useMongo();
const RUNS = 150;

let server: ApiServer;
let before: string;
const rows = async (): Promise<string> =>
  JSON.stringify(await mongo.client.db("live_orders").collection("orders").find().sort({ _id: 1 }).toArray());

beforeAll(async () => {
  server = await startOnMongo(mongo.uri);
  for (const status of ["pending", "shipped", "delivered"]) {
    await call(server.url, "POST", "/api/orders", {
      body: { customer_name: "Ada", product_name: "Chair", status },
    });
  }
  before = await rows();
});
afterAll(async () => {
  await server.dispose();
});

const name = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "a".repeat(201),
    "\u0000",
    "\ud800",
    "a\udfff",
    "\u0085",
    "a\nb",
    "𝒳".repeat(201),
    { $gt: "" },
    { $ne: null },
    ["a"],
    null,
    true,
    -1,
    1e308,
    Number.MAX_SAFE_INTEGER,
  ),
  fc.double(),
  fc.array(fc.string()),
  fc.object({ maxDepth: 2 }),
);
const status = fc.oneof(
  fc.constantFrom("gone", "PENDING", "pending ", "", null, 0, ["pending"], { $in: ["pending"] }),
  fc.double(),
  fc.dictionary(fc.string(), fc.string()),
);
const strange = fc.constantFrom(
  ["_id", 1],
  ["id", 1],
  ["$set", { status: "shipped" }],
  ["$where", "sleep(1000)"],
  ["__proto__", { status: "shipped" }],
  ["constructor", { prototype: {} }],
  ["updated_at", "2020-01-01T00:00:00.000Z"],
  ["status.x", "shipped"],
  ["\ud800", 1],
  ["", 1],
);

/** A body with one thing wrong at least, as JSON text: `__proto__` is a key of its own only there. */
const wrongFields = fc
  .record({
    fields: fc.constantFrom(
      { customer_name: "Eve", product_name: "Chair", status: "pending" },
      { status: "shipped" },
    ),
    wrong: fc.oneof(
      name.map((value) => ["customer_name", value] as const),
      name.map((value) => ["product_name", value] as const),
      status.map((value) => ["status", value] as const),
      strange,
    ),
  })
  .map(({ fields, wrong: [key, value] }) => {
    const rest = Object.entries(fields).filter(([field]) => field !== key);
    const members = [...rest, [key, value]].map(([field, held]) => `${JSON.stringify(field)}:${text(held)}`);
    return `{${members.join(",")}}`;
  });
const text = (value: unknown): string => JSON.stringify(value);

const notAnObject = fc.oneof(
  fc.constantFrom(
    "",
    "{",
    "null",
    "[]",
    "[[]]",
    '"x"',
    "5",
    "true",
    "{}",
    "[".repeat(30_000),
    "\ufeff",
    "{}{}",
  ),
  fc.string(),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);
const body = fc.oneof({ weight: 3, arbitrary: wrongFields }, { weight: 1, arbitrary: notAnObject });

const wrongOperation = fc.oneof(
  wrongFields.map((order) => `{"op":"create","order":${order}}`),
  wrongFields.map((order) => `{"op":"put","id":900000,"order":${order}}`),
  wrongFields.map((order) => `{"op":"patch","id":1,"order":${order}}`),
  fc
    .oneof(
      fc.constantFrom(0, -1, 2147483648, 1.5, 1e300, "1", null, { $gt: 0 }, [1]),
      fc.double({ min: 2 ** 31 }),
    )
    .map((id) => `{"op":"delete","id":${text(id)}}`),
  fc.constantFrom(
    '{"op":"drop"}',
    '{"op":"delete","id":1,"__proto__":{}}',
    '{"op":"delete","id":1,"ifMatch":5}',
    '{"op":"delete","id":1,"order":{}}',
    '{"op":"put","id":900001,"order":{"customer_name":"a","product_name":"b","status":"pending","updated_at":"x"}}',
    "null",
    "5",
  ),
);
const bulk = fc.oneof(
  fc.array(wrongOperation, { minLength: 1, maxLength: 5 }).map((all) => `{"operations":[${all.join(",")}]}`),
  fc.constantFrom('{"operations":[]}', '{"operations":{}}', '{"operations":null}', '{"operations":[],"x":1}'),
  notAnObject,
);

const wrongId = fc.oneof(
  fc.constantFrom(
    "0",
    "-1",
    "2147483648",
    "1.0",
    "1e1",
    "0x1",
    "NaN",
    "null",
    "[object Object]",
    "1;drop",
    "%00",
  ),
  fc.constantFrom("%", "%ff", "%ed%a0%80", "__proto__", "constructor", "$ne", "١"),
  fc
    .string({ minLength: 1 })
    .filter((id) => !/^[1-9]\d*$|^\.{1,2}$/.test(id))
    .map(encodeURIComponentSafely),
);
function encodeURIComponentSafely(value: string): string {
  return encodeURIComponent(value.replace(/\p{Cs}/gu, "\ufffd"));
}

const wrongQuery = fc.oneof(
  fc.constantFrom(
    "status=gone",
    "status[$ne]=pending",
    "status[]=pending",
    "limit=-1",
    "limit=99999999999999999999",
    "limit=NaN",
    "q=%00",
    "q=%ff",
    "q=%ed%a0%80",
    `q=${"a".repeat(201)}`,
    "q[$regex]=.",
    "after=%7B%7D",
    "after=",
    `after=${"x".repeat(5000)}`,
    "after=__proto__",
    "sort=$natural",
    "sort=_id",
    "__proto__=1",
    "__proto__[x]=1",
    "constructor=1",
    "%=1",
    "=",
    "wait=1e9",
    "wait=-0",
    "limit=1&limit=1",
  ),
  fc.string({ minLength: 1 }).map((key) => `x${encodeURIComponentSafely(key)}=1`),
);

const JSON_TYPE = { "Content-Type": "application/json" };

/** Whatever is wrong with a request: a problem of the contract that blames the request, not the server. */
function expectRefused(answer: Answer): void {
  const problem = answer.problem();
  expect(problem.status).toBeLessThan(500);
  expect(PROBLEMS[slugOf(problem)].status).toBe(problem.status);
  expect(answer.text).not.toMatch(/\n\s+at |node_modules|Error:/);
}

it.each([
  ["POST", "/api/orders", {}],
  ["PATCH", "/api/orders/1", {}],
  ["PUT", "/api/orders/900000", { "If-None-Match": "*" }],
] as const)("%s %s refuses whatever is no order, and changes no row", async (method, path, headers) => {
  await fc.assert(
    fc.asyncProperty(body, async (wrong) => {
      // A status alone is a patch.
      fc.pre(!(method === "PATCH" && wrong === '{"status":"shipped"}'));
      expectRefused(
        await call(server.url, method, path, { body: wrong, headers: { ...JSON_TYPE, ...headers } }),
      );
    }),
    { numRuns: RUNS },
  );
  expect(await rows()).toBe(before);
});

it("POST /api/orders/bulk refuses a body with one wrong operation, and changes no row", async () => {
  await fc.assert(
    fc.asyncProperty(bulk, async (wrong) => {
      expectRefused(await call(server.url, "POST", "/api/orders/bulk", { body: wrong, headers: JSON_TYPE }));
    }),
    { numRuns: RUNS },
  );
  expect(await rows()).toBe(before);
});

it.each(["GET", "PATCH", "PUT", "DELETE"])(
  "%s /api/orders/:id refuses an id that no order can have",
  async (method) => {
    const good = { customer_name: "Eve", product_name: "Chair", status: "pending" };
    const options =
      method === "PATCH" || method === "PUT" ? { body: good, headers: { "If-None-Match": "*" } } : {};
    await fc.assert(
      fc.asyncProperty(wrongId, async (id) => {
        expectRefused(await call(server.url, method, `/api/orders/${id}`, options));
      }),
      { numRuns: RUNS },
    );
    expect(await rows()).toBe(before);
  },
);

it.each(["/api/orders", "/api/orders/counts", "/api/changes", "/api/changes/stream", "/api/orders/1"])(
  "GET %s refuses whatever query is wrong",
  async (path) => {
    await fc.assert(
      fc.asyncProperty(wrongQuery, async (query) => {
        expectRefused(await call(server.url, "GET", `${path}?${query}`));
      }),
      { numRuns: RUNS },
    );
  },
);

it("any method on any path with any headers is answered by the contract", async () => {
  const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
  const path = fc
    .array(
      fc.oneof(
        fc.constantFrom("api", "orders", "counts", "bulk", "changes", "..", "900001", "%2e"),
        fc.string(),
      ),
      {
        maxLength: 5,
      },
    )
    .map((parts) => `/api/${parts.map(encodeURIComponentSafely).join("/")}`)
    // `..` may lead out of the API, to the page.
    .filter((where) => new URL(where, server.url).pathname.startsWith("/api/"));
  const header = fc.constantFrom(
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-Id",
  );
  const headers = fc.dictionary(
    header,
    fc.string({ unit: fc.constantFrom("a", " ", '"', "é", "\t", "*"), maxLength: 300 }),
  );
  await fc.assert(
    fc.asyncProperty(method, path, headers, async (verb, where, sent) => {
      const stop = new AbortController();
      const answer = await fetch(server.url + where, { method: verb, headers: sent, signal: stop.signal });
      expect(answer.status).toBeLessThan(500);
      if (answer.status >= 400)
        expect(answer.headers.get("Content-Type")).toContain("application/problem+json");
      stop.abort();
    }),
    { numRuns: 2 * RUNS },
  );
  expect(await rows()).toBe(before);
});

it("the events of a socket refuse whatever is wrong, and the socket lives on", async () => {
  const client = new SocketClient(server.url);
  const wrongWatch = fc.oneof(
    fc.anything({ withNullPrototype: false, withBigInt: false, maxDepth: 2 }),
    fc.record({ statuses: fc.anything({ withBigInt: false, maxDepth: 1 }) }),
    fc.record({
      statuses: fc.constant(["pending"]),
      after: fc.oneof(fc.string(), fc.integer(), fc.object()),
    }),
    fc.constantFrom(
      JSON.parse('{"statuses":["pending"],"__proto__":{"x":1}}'),
      { statuses: ["pending"], $where: "1" },
      { statuses: Array.from({ length: 10_000 }, () => "pending") },
      { statuses: ["pending"], after: "x".repeat(200_000) },
    ),
  );
  await fc.assert(
    fc.asyncProperty(wrongWatch, fc.array(fc.string(), { maxLength: 2 }), async (wrong, more) => {
      const ack = watchAckSchema.parse(await client.watch(wrong));
      expect(ack.ok ? 0 : ack.problem.status).toBeGreaterThan(399);
      expect(ack.ok ? 0 : ack.problem.status).toBeLessThan(500);
      if (more.length > 0) expect(unwatchAckSchema.parse(await client.unwatch(...more)).ok).toBe(false);
    }),
    { numRuns: RUNS },
  );
  client.close();
  const other = new SocketClient(server.url);
  expect((await other.watch({ statuses: ["pending"] })).ok).toBe(true);
  other.close();
  expect(await rows()).toBe(before);
});

it("bodies of any size are answered: the rows stand, and the server serves on", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 60_000, max: 5_000_000 }), fc.boolean(), async (size, isBulk) => {
      const path = isBulk ? "/api/orders/bulk" : "/api/orders";
      const answer = await call(server.url, "POST", path, { body: `{"x":"${"a".repeat(size)}"}` });
      const limit = isBulk ? 2 * 1024 * 1024 : 64 * 1024;
      expect(answer.problem().slug).toBe(size + 8 > limit ? "too-large" : "validation");
    }),
    { numRuns: 30 },
  );
  const page = orderPageSchema.parse((await call(server.url, "GET", "/api/orders")).json());
  expect([page.orders.length, await rows()]).toEqual([3, before]);
});
