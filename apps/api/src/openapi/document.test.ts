import { PROBLEMS } from "@live-orders/protocol/problem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { startOnMemory } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";

const operationSchema = z.object({
  summary: z.string().min(1),
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(["query", "header", "path"]), required: z.boolean() }))
    .default([]),
  responses: z.record(z.string(), z.object({ description: z.string() })),
});
const documentSchema = z.object({
  openapi: z.literal("3.1.0"),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

let server: Awaited<ReturnType<typeof startOnMemory>>;
let document: z.infer<typeof documentSchema>;
let text: string;
beforeAll(async () => {
  server = await startOnMemory();
  ({ text } = await call(server.url, "GET", "/api/openapi.json"));
  document = documentSchema.parse(JSON.parse(text));
});
afterAll(() => server.dispose());

it("names every route with the methods that it takes, and no other", async () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    const answer = await call(server.url, "OPTIONS", path.replace("{id}", "1"));
    const named = Object.keys(operations).map((method) => method.toUpperCase());
    const allowed = (answer.headers.get("Allow") ?? "").split(", ").filter((method) => method !== "HEAD");
    expect([path, allowed.sort()]).toEqual([path, named.sort()]);
  }
  const contract = [
    "/api/orders",
    "/api/orders.csv",
    "/api/orders/counts",
    "/api/orders/{id}",
    "/api/orders/bulk",
    "/api/changes",
  ];
  const more = ["/api/changes/stream", "/api/openapi.json", "/livez", "/readyz", "/metrics"];
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining([...contract, ...more]));
});

it("has every header that a route reads", () => {
  const headersOf = (path: string, method: "get" | "put" | "post" | "patch" | "delete") =>
    document.paths[path]?.[method]?.parameters.filter((one) => one.in === "header").map(({ name }) => name);
  expect(headersOf("/api/orders", "post")).toEqual(["Idempotency-Key"]);
  expect(headersOf("/api/orders/bulk", "post")).toEqual(["Idempotency-Key"]);
  expect(headersOf("/api/orders/{id}", "patch")).toEqual(["Idempotency-Key", "If-Match"]);
  expect(headersOf("/api/orders/{id}", "delete")).toEqual(["Idempotency-Key", "If-Match"]);
  expect(headersOf("/api/orders/{id}", "put")).toEqual(["Idempotency-Key", "If-None-Match"]);
  expect(headersOf("/api/changes/stream", "get")).toEqual(["Last-Event-ID"]);
});

it("has every problem of HTTP", () => {
  // `replaced` is told to sockets.
  const overHttp = Object.keys(PROBLEMS).filter((slug) => slug !== "replaced");
  for (const slug of overHttp) expect(text).toContain(`\`urn:live-orders:${slug}\``);
});

it("refers to named schemas, all of which are there", () => {
  const referred = new Set(
    [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? ""),
  );
  const named = Object.keys(document.components.schemas);
  expect(named).toEqual(expect.arrayContaining([...referred]));
  expect(named).toEqual(
    expect.arrayContaining(["Order", "Change", "Problem", "OrderPage", "BulkOperation", "Reset"]),
  );
});
