import type { Order } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import { audit, type AuditInput, type ReaderRecord } from "./audit.ts";
import type { LoggedChange } from "./databases/tested-database.ts";
import { orderText } from "./order-text.ts";

const order = (id: number, product_name: string, status: Order["status"] = "pending"): Order => ({
  id,
  customer_name: "Ada",
  product_name,
  status,
  updated_at: "2020-01-01T00:00:00.000Z",
});
const insert = (after: Order): LoggedChange => ({ op: "insert", id: after.id, before: null, after });
const update = (before: Order, after: Order): LoggedChange => ({ op: "update", id: after.id, before, after });
const remove = (before: Order): LoggedChange => ({ op: "delete", id: before.id, before, after: null });

const log = [
  insert(order(1, "a")),
  update(order(1, "a"), order(1, "mark b", "shipped")),
  insert(order(2, "mark c", "shipped")),
  remove(order(2, "mark c", "shipped")),
];
const reader = (changes: readonly LoggedChange[], rest: Partial<ReaderRecord> = {}): ReaderRecord => ({
  name: "a reader",
  statuses: ["pending", "shipped", "delivered"],
  changes: changes.map((change, index) => ({ ...change, position: String(index) })),
  shown: new Set(),
  resets: 0,
  ...rest,
});
const of = (rest: Partial<AuditInput>) => {
  const { examples, ...figures } = audit({ before: new Map(), log, acknowledged: [], readers: [], ...rest });
  return { examples, found: Object.fromEntries(Object.entries(figures).filter(([, value]) => value > 0)) };
};

describe("the audit", () => {
  it("finds nothing where every reader was handed its rooms' changes, arriving and leaving", () => {
    const pending = reader(log.slice(0, 2), {
      statuses: ["pending"],
      shown: new Set([orderText(order(1, "a"))]),
    });
    expect(of({ readers: [reader(log), pending] }).found).toEqual({});
  });

  it.each<[string, LoggedChange[], Record<string, number>]>([
    ["one that was not handed over", [log[0], log[1], log[2]] as LoggedChange[], { lost: 1 }],
    ["one that came twice", [log[0], ...log] as LoggedChange[], { twice: 1 }],
    [
      "two of one order that were swapped",
      [log[1], log[0], log[2], log[3]] as LoggedChange[],
      { outOfOrder: 1 },
    ],
    ["one that never was", [...log, insert(order(3, "z"))], { neverWere: 1 }],
  ])("sees %s", (_, changes, found) => {
    expect(of({ readers: [reader(changes)] }).found).toEqual(found);
  });

  it("sees a position below the one before it, a row that never was, and a reader of another room left out", () => {
    const back = reader(log).changes.map((change, index) => ({
      ...change,
      position: index === 3 ? "0" : "5",
    }));
    expect(of({ readers: [reader([], { changes: back })] }).found).toEqual({ outOfOrder: 1 });
    expect(of({ readers: [reader(log, { shown: new Set([orderText(order(9, "?"))]) })] }).found).toEqual({
      neverWere: 1,
    });
    expect(of({ readers: [reader([], { statuses: ["shipped"] })] }).found).toEqual({ lost: 3 });
  });

  it("asks of a reader that was told to start afresh no more than order and truth", () => {
    expect(of({ readers: [reader([log[3]] as LoggedChange[], { resets: 1 })] }).found).toEqual({});
    expect(of({ readers: [reader([log[1], log[0]] as LoggedChange[], { resets: 1 })] }).found).toEqual({
      outOfOrder: 1,
    });
  });

  it("sees an acknowledged write that the database does not know, and one that was carried out twice", () => {
    const acknowledged = [
      { kind: "marked", id: 1, mark: "mark b" },
      { kind: "marked", id: 1, mark: "lost" },
      { kind: "removed", id: 2 },
      { kind: "removed", id: 2 },
    ] as const;
    expect(of({ acknowledged }).found).toEqual({ lostWrites: 2 });
    expect(of({ log: [...log, insert(order(3, "mark c"))] }).found).toEqual({ writtenTwice: 1 });
  });
});
