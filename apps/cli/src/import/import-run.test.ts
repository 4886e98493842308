import type { ApiResult } from "@live-orders/client/api-error";
import type { BulkOperationInput, WriteOptions } from "@live-orders/client/orders-api";
import { MAX_BODY, type BulkAnswer, type BulkResult } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import { problem } from "@live-orders/protocol/problem";
import { describe, expect, it } from "vitest";
import type { FileRow } from "./file-row.ts";
import { BATCH_ROWS, importBatches, operationOf, type BadLine } from "./import-batch.ts";
import { runImport, type ImportRun } from "./import-run.ts";
import { readDate } from "./row-date.ts";
import type { RowRules } from "./row-order.ts";

const rules: RowRules = {
  columns: new Map([
    ["id", "id"],
    ["customer_name", "customer"],
    ["product_name", "product"],
  ]),
  status: { kind: "column" },
  readDate,
  now: 0,
  formulasEscaped: false,
};

const rowsOf = (rows: readonly Record<string, unknown>[]): FileRow[] =>
  rows.map((row, index) => ({
    kind: "row",
    line: index + 2,
    text: JSON.stringify(row),
    values: new Map(Object.entries(row)),
  }));

const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => ({ id: from + index, customer: `c${index}`, product: "p" }));

/** A server that keeps orders, and the answers to keys, as the contract says. */
class FakeServer {
  readonly orders = new Map<number, Order>();
  readonly answers = new Map<string, { body: string; answer: BulkAnswer }>();
  requests = 0;
  atOnce = 0;
  mostAtOnce = 0;
  #nextId = 1_000_000;

  async bulk(
    operations: readonly BulkOperationInput[],
    { key = "" }: WriteOptions = {},
  ): Promise<ApiResult<BulkAnswer>> {
    this.requests += 1;
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    this.atOnce -= 1;
    const body = JSON.stringify(operations);
    const known = this.answers.get(key);
    if (known !== undefined && known.body !== body) return refusal("key-conflict");
    const answer = known?.answer ?? { results: operations.map((operation) => this.#write(operation)) };
    this.answers.set(key, { body, answer });
    return { ok: true, value: answer };
  }

  #write(operation: BulkOperationInput): BulkResult {
    if (operation.op !== "put" && operation.op !== "create") throw new Error("an import only adds");
    const id = operation.op === "put" ? operation.id : (this.#nextId += 1);
    const current = this.orders.get(id);
    if (current !== undefined) {
      return { status: 412, problem: problem("stale", { detail: "", requestId: "", current }) };
    }
    const { customer_name, product_name, status = "pending" } = operation.order;
    const order = { id, customer_name, product_name, status, updated_at: "2020-01-01T00:00:00.000Z" };
    this.orders.set(id, order);
    return { status: 201, order, position: "1" };
  }
}

const refusal = (slug: "key-conflict" | "unavailable"): ApiResult<BulkAnswer> => ({
  ok: false,
  error: { kind: "problem", problem: problem(slug, { detail: slug, requestId: "" }), retryAfter: null },
});

async function importRows(
  server: Pick<FakeServer, "bulk">,
  rows: readonly FileRow[],
  other: Partial<ImportRun> = {},
) {
  async function* source() {
    await Promise.resolve();
    yield* rows;
  }
  const bad: BadLine[] = [];
  const counts = await runImport({
    batches: importBatches(source(), rules),
    api: server,
    source: "/orders.csv",
    signal: new AbortController().signal,
    onBad: (line) => {
      bad.push(line);
      return Promise.resolve();
    },
    onProgress: () => undefined,
    ...other,
  });
  return { counts, bad };
}

describe("an import", () => {
  it("puts rows with an id under it; a second run finds them there and changes nothing", async () => {
    const server = new FakeServer();
    const rows = rowsOf(numbered(2500));
    expect((await importRows(server, rows)).counts).toEqual({ rows: 2500, added: 2500, there: 0, bad: 0 });
    const before = new Map(server.orders);
    expect((await importRows(server, rows)).counts).toEqual({ rows: 2500, added: 0, there: 2500, bad: 0 });
    expect(server.orders).toEqual(before);
  });

  it("creates rows without an id under keys of the file's, so that a second run changes nothing", async () => {
    const server = new FakeServer();
    const rows = rowsOf(numbered(1500).map((row) => ({ ...row, id: "" })));
    await importRows(server, rows);
    expect(server.orders.size).toBe(1500);
    await importRows(server, rows);
    expect(server.orders.size).toBe(1500);
    await importRows(server, rows, { source: "/other.csv" });
    expect(server.orders.size).toBe(3000);
  });

  it("does not put a changed file's rows in twice: those of the changed stretch are bad lines", async () => {
    const server = new FakeServer();
    const rows = numbered(1500).map((row) => ({ ...row, id: "" }));
    await importRows(server, rowsOf(rows));
    rows[3] = { ...rows[3], customer: "changed", id: "", product: "p" };
    const { counts, bad } = await importRows(server, rowsOf(rows));
    expect(server.orders.size).toBe(1500);
    expect(counts).toMatchObject({ bad: BATCH_ROWS, added: 500 });
    expect(bad[0]?.reason).toContain("other content");
  });

  it("tells the rows whose id holds another order, in the order of the file, and puts the rest in", async () => {
    const server = new FakeServer();
    await importRows(server, rowsOf([{ id: 2, customer: "else", product: "p" }]));
    const rows = rowsOf([...numbered(3), { id: "x", customer: "a", product: "b" }, ...numbered(1, 9)]);
    const { counts, bad } = await importRows(server, rows);
    expect(counts).toEqual({ rows: 5, added: 3, there: 0, bad: 2 });
    expect(bad.map(({ line }) => line)).toEqual([3, 5]);
    expect(bad[0]?.reason).toBe('id 2 holds another order: its customer_name is "else"');
  });

  it("lets the first of two rows with one id win, also over requests", async () => {
    const server = new FakeServer();
    const rows = rowsOf([...numbered(1500), { id: 1, customer: "second", product: "p" }]);
    const { bad } = await importRows(server, rows);
    expect(server.orders.get(1)?.customer_name).toBe("c0");
    expect(bad.map(({ line }) => line)).toEqual([1502]);
  });

  it("keeps the bulk route's bounds: 1,000 rows of the longest names fit, and few requests run at once", async () => {
    const server = new FakeServer();
    await importRows(server, rowsOf(numbered(8000)));
    expect(server.requests).toBe(8);
    expect(server.mostAtOnce).toBeLessThanOrEqual(3);
    const name = "\u{1F4BA}".repeat(200);
    const operation = operationOf({
      id: 2_147_483_647,
      fields: { customer_name: name, product_name: name, status: "delivered" },
      updatedAt: "2020-01-01T00:00:00.000Z",
      told: [],
    });
    const body = JSON.stringify({ operations: Array.from({ length: BATCH_ROWS }, () => operation) });
    expect(Buffer.byteLength(body)).toBeLessThan(MAX_BODY.bulk);
  });

  it("fails when the server stays away, and a later run goes on", async () => {
    const server = new FakeServer();
    const rows = rowsOf(numbered(3000));
    let requests = 0;
    const failing = {
      bulk: (operations: readonly BulkOperationInput[], how?: WriteOptions) =>
        (requests += 1) === 2 ? Promise.resolve(refusal("unavailable")) : server.bulk(operations, how),
    };
    await expect(importRows(failing, rows)).rejects.toMatchObject({ kind: "failed" });
    const { counts } = await importRows(server, rows);
    expect(counts).toMatchObject({ rows: 3000, bad: 0 });
    expect(server.orders.size).toBe(3000);
  });

  it("stops when it is interrupted", async () => {
    const stop = new AbortController();
    const server = new FakeServer();
    const onProgress = () => {
      stop.abort();
    };
    const run = importRows(server, rowsOf(numbered(9000)), { signal: stop.signal, onProgress });
    await expect(run).rejects.toMatchObject({ kind: "interrupted" });
    expect(server.orders.size).toBeLessThan(9000);
  });
});
