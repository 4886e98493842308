import { createConnection } from "node:net";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_BODY } from "@live-orders/protocol/http-orders";
import { problemSchema } from "@live-orders/protocol/problem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startOnMemory } from "../test/api-server.ts";
import { call, type Answer, type CallOptions } from "../test/call.ts";

let server: Awaited<ReturnType<typeof startOnMemory>>;
let pageFolder: string;
beforeAll(async () => {
  pageFolder = await mkdtemp(join(tmpdir(), "page-"));
  await mkdir(join(pageFolder, "assets"));
  await writeFile(join(pageFolder, "index.html"), "<!doctype html><title>page</title>");
  await writeFile(join(pageFolder, "assets/app-1a2b.js"), "1;");
  await writeFile(join(pageFolder, ".digest"), "x");
  server = await startOnMemory({ pageFolder, callers: { allowedOrigins: ["https://partner.example"] } });
});
afterAll(async () => {
  await server.dispose();
  await rm(pageFolder, { recursive: true });
});

const send = (method: string, path: string, options?: CallOptions): Promise<Answer> =>
  call(server.url, method, path, options);

/** What a server answers to bytes that no HTTP client would send. */
function sendRaw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = createConnection(Number(port), hostname, () => socket.write(bytes));
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}

const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
const FIELDS = { customer_name: "Ada", product_name: "Chair" };

describe("a body", () => {
  it.each([
    ["not JSON", "{"],
    ["empty", ""],
    ["nested 60,000 deep", "[".repeat(60_000)],
    ["with a __proto__", '{"customer_name":"a","product_name":"b","__proto__":{"status":"shipped"}}'],
    ["with a constructor", '{"customer_name":"a","product_name":"b","constructor":{}}'],
    ["with a lone surrogate in a name", '{"customer_name":"\\ud800","product_name":"b"}'],
    ["with a lone surrogate in a key", '{"customer_name":"a","product_name":"b","\\udfff":1}'],
    ["of operators", '{"customer_name":{"$gt":""},"product_name":"b"}'],
  ])("that is %s is a validation problem", async (_what, body) => {
    expect((await send("POST", "/api/orders", { body })).problem().slug).toBe("validation");
  });

  it("that is no UTF-8 is a validation problem", async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"customer_name":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    expect((await send("POST", "/api/orders", { body: bytes })).problem().slug).toBe("validation");
  });

  it.each([
    { "Content-Type": "text/plain" },
    { "Content-Type": "application/x-www-form-urlencoded" },
    { "Content-Type": "application/json; charset=utf-16" },
    { "Content-Encoding": "gzip" },
  ])("under %j is a validation problem", async (headers) => {
    expect((await send("POST", "/api/orders", { body: FIELDS, headers })).problem().slug).toBe("validation");
  });

  it.each([
    ["/api/orders", MAX_BODY.single],
    ["/api/orders/bulk", MAX_BODY.bulk],
  ])("to %s of more than its limit is too-large, with a Content-Length or without", async (path, limit) => {
    const body = JSON.stringify({ customer_name: "a".repeat(limit), product_name: "b" });
    expect((await send("POST", path, { body })).problem()).toMatchObject({ slug: "too-large", status: 413 });
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n`;
    const answer = await sendRaw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`);
    expect(problemSchema.parse(bodyOf(answer)).type).toBe("urn:live-orders:too-large");
  });
});

describe("an address that is none", () => {
  it.each([
    "/api",
    "/api/",
    "/api/nothing",
    "/api/orders/1/2",
    "/API/orders",
    "/nothing",
    "/nothing.js",
    "/assets/gone.js",
    "/.digest",
  ])("is not-found: %s", async (path) => {
    expect((await send("GET", path)).problem().slug).toBe("not-found");
  });

  it.each(["/api/orders/%", "/api/orders/%C0%80"])(
    "that can't be decoded is a validation problem: %s",
    async (path) => {
      expect((await send("GET", path)).problem().slug).toBe("validation");
    },
  );
});

describe("a wrong method", () => {
  it.each([
    ["DELETE", "/api/orders", "GET, HEAD, POST"],
    ["PUT", "/api/orders/bulk", "POST"],
    ["POST", "/api/orders/1", "GET, HEAD, PUT, PATCH, DELETE"],
    ["POST", "/api/orders/counts", "GET, HEAD"],
    ["POST", "/api/changes", "GET, HEAD"],
    ["PATCH", "/api/changes/stream", "GET, HEAD"],
    ["DELETE", "/readyz", "GET, HEAD"],
  ])("%s %s is 405 with Allow: %s", async (method, path, allow) => {
    const answer = await send(method, path);
    expect([answer.status, answer.problem().slug, answer.headers.get("Allow")]).toEqual([
      405,
      "method-not-allowed",
      allow,
    ]);
  });
});

describe("what is no request", () => {
  it.each([
    ["no HTTP", "hello\r\n\r\n"],
    [
      "a head that is too long",
      `GET /api/orders?q=${"a".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    ],
  ])("is answered with a validation problem: %s", async (_what, bytes) => {
    expect(problemSchema.parse(bodyOf(await sendRaw(bytes))).type).toBe("urn:live-orders:validation");
  });
});

describe("a request", () => {
  it.each(["h2c", "websocket"])(
    "that asks for %s, but not of Socket.IO, is answered as if it had not, and its connection goes on",
    async (protocol) => {
      const body = JSON.stringify({ customer_name: "Zoë", product_name: "Chair" });
      const upgrade = `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABk\r\n`;
      const answers = await sendRaw(
        `POST /api/orders HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}` +
          `GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
      );
      const [created = "", live = ""] = answers.split(/(?<=\})(?=HTTP)/);
      expect(created).toMatch(/^HTTP\/1\.1 201 /);
      expect(bodyOf(created)).toMatchObject({ order: { customer_name: "Zoë" } });
      expect(bodyOf(live)).toEqual({ live: true });
    },
  );

  it("without a Host is a validation problem", async () => {
    const answer = await sendRaw("GET /api/orders HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(problemSchema.parse(bodyOf(answer))).toMatchObject({ status: 400, errors: [{ path: "Host" }] });
  });

  it("that expects something else than 100-continue is answered all the same", async () => {
    const answer = await sendRaw(
      "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: miracles\r\nConnection: close\r\n\r\n",
    );
    expect(bodyOf(answer)).toEqual({ live: true });
  });
});

describe("X-Request-Id", () => {
  it("is the caller's own if it is short visible ASCII, else a new one", async () => {
    const own = await send("GET", "/api/nothing", { headers: { "X-Request-Id": "mine-1" } });
    expect(own.problem().requestId).toBe("mine-1");
    const long = await send("GET", "/api/nothing", { headers: { "X-Request-Id": "x".repeat(65) } });
    expect(long.problem().requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("a foreign caller", () => {
  it("is refused by its Origin: 403 forbidden", async () => {
    const answer = await send("GET", "/api/orders", { headers: { Origin: "https://evil.example" } });
    expect([answer.status, answer.problem().slug]).toEqual([403, "forbidden"]);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  it("is refused by its Host", async () => {
    const answer = await sendRaw(
      "GET /api/orders HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("of ALLOWED_ORIGINS is let in and may read the answer, after a preflight too", async () => {
    const headers = { Origin: "https://partner.example" };
    const answer = await send("GET", "/api/orders", { headers });
    expect([answer.status, answer.headers.get("Access-Control-Allow-Origin")]).toEqual([200, headers.Origin]);
    const preflight = await send("OPTIONS", "/api/orders", {
      headers: { ...headers, "Access-Control-Request-Method": "PATCH" },
    });
    expect([preflight.status, preflight.headers.get("Access-Control-Allow-Methods")]).toEqual([
      204,
      "GET, HEAD, POST, PUT, PATCH, DELETE",
    ]);
  });
});

describe("the page", () => {
  it("is index.html under every address of its own, asked for each time", async () => {
    for (const path of ["/", "/activity", "/orders/12?q=x"]) {
      const answer = await send("GET", path, { headers: { Accept: "text/html,*/*;q=0.8" } });
      expect(answer.text).toContain("<title>page</title>");
      expect(answer.headers.get("Cache-Control")).toBe("no-cache");
    }
  });

  it("has files that browsers keep", async () => {
    const answer = await send("GET", "/assets/app-1a2b.js");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
  });

  it("takes scripts from this server alone", async () => {
    const policy = (await send("GET", "/")).headers.get("Content-Security-Policy");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("that is not built says so", async () => {
    const other = await startOnMemory();
    const answer = await call(other.url, "GET", "/");
    await other.dispose();
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([503, "text/plain; charset=utf-8"]);
    expect(answer.text).toContain("not built");
  });
});

describe("the server's own routes", () => {
  it("/livez and /readyz answer 200", async () => {
    expect((await send("GET", "/livez")).json()).toEqual({ live: true });
    expect((await send("GET", "/readyz")).json()).toEqual({ ready: true });
  });

  it("/readyz answers 503 with the reason while the database is away, and a write 503 with Retry-After", async () => {
    const other = await startOnMemory();
    other.database.setAway(true);
    const ready = await call(other.url, "GET", "/readyz");
    const write = await call(other.url, "POST", "/api/orders", { body: FIELDS });
    await other.dispose();
    expect(ready.status).toBe(503);
    expect(z.object({ ready: z.literal(false), reason: z.string() }).parse(ready.json()).reason).toContain(
      "away",
    );
    expect([write.problem().slug, write.headers.get("Retry-After")]).toEqual(["unavailable", "1"]);
  });

  it("/metrics has what the contract's operators look at", async () => {
    await send("POST", "/api/orders", { body: FIELDS });
    const { text } = await send("GET", "/metrics");
    for (const name of [
      'changes_total{op="insert"}',
      "commit_to_emit_seconds_bucket",
      "sockets",
      "replays_total",
      "resets_total",
      "stream_restarts_total",
      "log_changes",
      "log_bytes",
      "history_window_seconds",
      "left_out",
      "http_request_seconds_bucket",
    ]) {
      expect(text).toContain(`live_orders_${name}`);
    }
  });

  it("/docs is read only", async () => {
    const answer = await send("POST", "/docs");
    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe("GET, HEAD");
  });

  it("/docs and its files come from this server", async () => {
    const page = await send("GET", "/docs");
    const files = [...page.text.matchAll(/(?:href|src)="(.+?)"/g)].map(([, file]) => file ?? "");
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect([file, (await send("GET", file)).status]).toEqual([file, 200]);
  });
});

describe("the examples for a browser", () => {
  it("are served from this origin", async () => {
    const { status, headers, text } = await send("GET", "/examples/event-source.html");
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(text).toContain("<script src=");
  });

  it.each([
    "/examples/",
    "/examples/package.json",
    "/examples/../package.json",
    "/examples/%2e%2e/package.json",
  ])("hold nothing at %s", async (path) => {
    const answer = await send("GET", path, { headers: { Accept: "text/html" } });
    expect(answer.text).not.toContain("dependencies");
    expect(answer.status === 404 || answer.text.includes("<title>page</title>")).toBe(true);
  });
});
