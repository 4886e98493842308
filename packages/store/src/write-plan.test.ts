import { etagOf } from "@live-orders/protocol/etag";
import type { Order } from "@live-orders/protocol/order";
import { expect, test } from "vitest";
import { planWrites, type StandingRow, type WriteOperation } from "./write-plan.ts";

const NOW = Date.parse("2026-01-02T00:00:00.000Z");
const order = (id: number, fields: Partial<Order> = {}): Order => ({
  id,
  customer_name: "Ada",
  product_name: "Chair",
  status: "pending",
  updated_at: "2026-01-01T00:00:00.000Z",
  ...fields,
});
const fields = { customer_name: "Bo", product_name: "Desk", status: "shipped" } as const;
const plan = (operations: WriteOperation[], rows: [number, StandingRow][] = [], newIds: number[] = []) =>
  planWrites(operations, new Map(rows), newIds, NOW);

test("a create takes the next new id and the database's clock", () => {
  const after = { id: 7, ...fields, updated_at: "2026-01-02T00:00:00.000Z" };
  expect(plan([{ op: "create", order: fields }], [], [7])).toEqual({
    writes: [{ kind: "insert", after }],
    results: [{ kind: "written", order: after, write: 0 }],
  });
});

test("a patch that changes nothing writes nothing and keeps updated_at", () => {
  const { writes, results } = plan([{ op: "patch", id: 1, order: { status: "pending" } }], [[1, order(1)]]);
  expect(writes).toEqual([]);
  expect(results).toEqual([{ kind: "unchanged", order: order(1) }]);
});

test("a write sets updated_at at least 1 ms after the old one, and never past the last date", () => {
  const ahead = "2030-01-01T00:00:00.000Z";
  const written = (updated_at: string) =>
    plan([{ op: "patch", id: 1, order: { status: "shipped" } }], [[1, order(1, { updated_at })]]).results[0];
  expect(written(ahead)).toMatchObject({ order: { updated_at: "2030-01-01T00:00:00.001Z" } });
  expect(written("9999-12-31T23:59:59.999Z")).toMatchObject({
    order: { updated_at: "9999-12-31T23:59:59.999Z" },
  });
});

test("If-Match that no longer holds is stale, with the order as it stands", () => {
  const rows: [number, StandingRow][] = [[1, order(1)]];
  const stale = { kind: "stale", current: order(1) };
  expect(plan([{ op: "delete", id: 1, ifMatch: '"old"' }], rows).results).toEqual([stale]);
  expect(
    plan([{ op: "patch", id: 1, order: { status: "shipped" }, ifMatch: '"old"' }], rows).results,
  ).toEqual([stale]);
  expect(plan([{ op: "delete", id: 1, ifMatch: etagOf(order(1)) }], rows).writes).toHaveLength(1);
});

test("a put creates under its id, keeps its date, and is stale where a row stands", () => {
  const dated = { ...fields, updated_at: "2020-01-01T00:00:00.000Z" };
  expect(plan([{ op: "put", id: 5, order: dated }]).writes).toEqual([
    { kind: "insert", after: { id: 5, ...dated } },
  ]);
  expect(plan([{ op: "put", id: 5, order: fields }], [[5, order(5)]]).results).toEqual([
    { kind: "stale", current: order(5) },
  ]);
});

test("operations see what those before them did", () => {
  const { writes, results } = plan(
    [
      { op: "patch", id: 1, order: { status: "shipped" } },
      { op: "delete", id: 1 },
      { op: "patch", id: 1, order: { status: "delivered" } },
      { op: "put", id: 1, order: fields },
    ],
    [[1, order(1)]],
  );
  expect(writes.map(({ kind }) => kind)).toEqual(["update", "delete", "insert"]);
  expect(results.map(({ kind }) => kind)).toEqual(["written", "written", "not-found", "written"]);
  expect(results[1]).toMatchObject({ order: { status: "shipped" } });
});

test("a row that breaks the table is found by nobody, but keeps its place", () => {
  const rows: [number, StandingRow][] = [[1, "broken"]];
  expect(plan([{ op: "patch", id: 1, order: { status: "shipped" } }], rows).results).toEqual([
    { kind: "not-found" },
  ]);
  expect(plan([{ op: "put", id: 1, order: fields }], rows).results).toEqual([
    { kind: "stale", current: null },
  ]);
});
