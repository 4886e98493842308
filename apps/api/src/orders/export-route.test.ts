import { request } from "node:http";
import { expect, it } from "vitest";
import { startOnMemory, type ApiServer } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";

async function withServer(use: (server: ApiServer) => Promise<void>): Promise<void> {
  const server = await startOnMemory();
  try {
    await use(server);
  } finally {
    await server.dispose();
  }
}

const create = (server: ApiServer, fields: object) =>
  call(server.url, "POST", "/api/orders", {
    body: { customer_name: "Ada", product_name: "Chair", ...fields },
  });

it("is a CSV file of what the filter, the search and the sort show", () =>
  withServer(async (server) => {
    await create(server, { customer_name: 'Ada "Countess", Lovelace', status: "shipped" });
    await create(server, { customer_name: "Bob", status: "shipped" });
    await create(server, { customer_name: "Adam", status: "delivered" });
    await create(server, { customer_name: "Ada" });
    const answer = await call(
      server.url,
      "GET",
      "/api/orders.csv?status=shipped&status=delivered&q=ADA&sort=-id",
    );
    expect(answer.headers.get("Content-Type")).toMatch(/^text\/csv; charset=utf-8/);
    expect(answer.headers.get("Content-Disposition")).toMatch(/^attachment; filename="orders\.csv"/);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const lines = answer.text.split("\n").map((line) => line.replace(/,[^,]*Z$/, ""));
    expect(lines).toEqual([
      "id,customer_name,product_name,status,updated_at",
      "3,Adam,Chair,delivered",
      '1,"Ada ""Countess"", Lovelace",Chair,shipped',
      "",
    ]);
  }));

it("puts a ' before a name that a spreadsheet would run", () =>
  withServer(async (server) => {
    await create(server, { customer_name: '=HYPERLINK("http://evil")', product_name: "+1" });
    await create(server, { customer_name: "@SUM(A1)", product_name: "-2+3" });
    const { text } = await call(server.url, "GET", "/api/orders.csv?sort=id");
    expect(text).toContain(`1,"'=HYPERLINK(""http://evil"")",'+1,pending,`);
    expect(text).toContain("2,'@SUM(A1),'-2+3,pending,");
  }));

it("is a header line alone where there is nothing, and takes no page and no unknown parameter", () =>
  withServer(async (server) => {
    const empty = await call(server.url, "GET", "/api/orders.csv");
    expect(empty.text).toBe("id,customer_name,product_name,status,updated_at\n");
    const head = await call(server.url, "HEAD", "/api/orders.csv");
    expect([head.status, head.headers.get("Content-Type"), head.text]).toEqual([
      200,
      "text/csv; charset=utf-8; header=present",
      "",
    ]);
    for (const query of ["limit=5", "after=x", "sort=price", "status=lost", "q=a&q=b"]) {
      const refused = await call(server.url, "GET", `/api/orders.csv?${query}`);
      expect([query, refused.problem().slug]).toEqual([query, "validation"]);
    }
    const posted = await call(server.url, "POST", "/api/orders.csv");
    expect(posted.problem().slug).toBe("method-not-allowed");
  }));

it("answers 503 when the database is away, and 429 while three others are under way", async () => {
  const server = await startOnMemory();
  try {
    const name = "x".repeat(200);
    const operations = Array.from({ length: 1000 }, () => ({
      op: "create",
      order: { customer_name: name, product_name: name },
    }));
    for (let round = 0; round < 25; round += 1) {
      await call(server.url, "POST", "/api/orders/bulk", { body: { operations } });
    }
    // 10 MB each, more than what lies between the two: who does not read holds the export up.
    const readers = await Promise.all([1, 2, 3].map(() => openUnread(server.url)));
    const refused = await call(server.url, "GET", "/api/orders.csv");
    expect([refused.problem().slug, refused.headers.get("Retry-After")]).toEqual(["rate-limited", "1"]);

    for (const reader of readers) reader.end();
    await expect
      .poll(async () => (await call(server.url, "GET", "/api/orders.csv?q=nothing")).status)
      .toBe(200);

    server.database.setAway(true);
    const away = await call(server.url, "GET", "/api/orders.csv");
    expect(away.problem().slug).toBe("unavailable");
  } finally {
    await server.dispose();
  }
});

/** Asks for the file, and reads nothing of it. */
function openUnread(url: string): Promise<{ end: () => void }> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL("/api/orders.csv", url), (answer) => {
      answer.pause();
      resolve({ end: () => asked.destroy() });
    });
    asked.on("error", reject);
    asked.end();
  });
}
