import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { describe, expect, it } from "vitest";
import { causesIn } from "./change-causes.ts";
import { statusEntry } from "./status-entry.ts";
import { DEFAULT_TRIGGERS, triggerFileSchema } from "./trigger.ts";

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

const order = (status: Status, minute: number, customer = "Ada"): Order => ({
  id: 1,
  customer_name: customer,
  product_name: "Chair",
  status,
  updated_at: at(minute),
});

/** The change of the minute, which is its position too. */
const change = (minute: number, before: Order | null, after: Order | null): Change => ({
  position: `p${String(minute).padStart(3, "0")}`,
  op: before === null ? "insert" : after === null ? "delete" : "update",
  id: 1,
  before,
  after,
  at: at(minute),
});

describe("triggers of a change", () => {
  const triggers = triggerFileSchema.parse({
    triggers: [{ kind: "became-shipped" }, { kind: "became-delivered", name: "arrived" }],
  }).triggers;
  const named = (...changes: Change[]) => causesIn(changes, triggers).map(({ cause }) => cause.trigger);

  it("fire when an order comes to their status from elsewhere", () => {
    const shipped = change(1, order("pending", 0), order("shipped", 1));
    const [found] = causesIn([shipped], triggers);
    expect(found).toEqual({
      cause: {
        trigger: "became-shipped",
        kind: "became-shipped",
        position: "p001",
        at: at(1),
        as_of: "p001",
      },
      order: order("shipped", 1),
    });
    expect(named(change(2, order("delivered", 1), order("shipped", 2)))).toEqual(["became-shipped"]);
    expect(named(change(2, order("shipped", 1), order("delivered", 2)))).toEqual(["arrived"]);
  });

  it("do not fire for an order that was there, was created there, left, or whose images are missing", () => {
    expect(
      named(
        change(1, order("shipped", 0), order("shipped", 1, "Bob")),
        change(2, null, order("shipped", 2)),
        change(3, order("shipped", 2), order("pending", 3)),
        change(4, order("shipped", 2), null),
        { ...change(5, order("pending", 4), null), op: "update" },
        { ...change(6, null, order("shipped", 6)), op: "update" },
      ),
    ).toEqual([]);
  });

  it("do not fire when they are switched off", () => {
    const off = triggers.map((trigger) => ({ ...trigger, enabled: false }));
    expect(causesIn([change(1, order("pending", 0), order("shipped", 1))], off)).toEqual([]);
  });
});

describe("the entry into a status", () => {
  const page = { next: null, since: at(0) };
  const now = order("pending", 9, "Bob");
  const renamed = change(9, order("pending", 5), now);

  it("is the newest change that came from elsewhere, whatever was renamed since", () => {
    const changes = [
      renamed,
      change(5, order("shipped", 4), order("pending", 5)),
      change(3, null, order("pending", 3)),
    ];
    expect(statusEntry(now, changes, page)).toEqual({
      kind: "known",
      position: "p005",
      at: at(5),
      created: false,
    });
  });

  it("is the creation of an order that has been there ever since", () => {
    const changes = [renamed, change(5, null, order("pending", 5))];
    expect(statusEntry(now, changes, page)).toEqual({
      kind: "known",
      position: "p005",
      at: at(5),
      created: true,
    });
  });

  it("is unknown, and as old as updated_at, where no history tells", () => {
    const unknown = { kind: "unknown", position: `updated_at:${at(9)}`, at: at(9) };
    expect(statusEntry(now, [], { next: null, since: null })).toEqual(unknown);
    expect(statusEntry(now, [], { next: null, since: at(20) })).toEqual(unknown);
    expect(statusEntry(now, [renamed], page)).toEqual(unknown);
    const imageless = { ...change(5, null, order("pending", 5)), op: "update" as const };
    expect(statusEntry(now, [renamed, imageless], page)).toEqual(unknown);
  });

  it("waits for an older page, and for a history that is behind the order", () => {
    expect(statusEntry(now, [renamed], { ...page, next: "more" })).toEqual({ kind: "older" });
    expect(statusEntry(now, [change(5, null, order("pending", 5))], page)).toEqual({ kind: "behind" });
    expect(statusEntry(now, [], page)).toEqual({ kind: "behind" });
    expect(statusEntry(now, [change(8, order("pending", 7), null)], page)).toEqual({ kind: "behind" });
  });
});

describe("the triggers' file", () => {
  it("takes times, names and what they may do", () => {
    const file = {
      triggers: [
        { kind: "pending-too-long", name: "slow", after: "36h", auto_send: true },
        { kind: "pending-too-long", after: "30m" },
        { kind: "became-shipped", enabled: false },
      ],
    };
    expect(triggerFileSchema.parse(file).triggers).toEqual([
      { kind: "pending-too-long", name: "slow", after: 36 * 3_600_000, auto_send: true, enabled: true },
      {
        kind: "pending-too-long",
        name: "pending-too-long",
        after: 1_800_000,
        auto_send: false,
        enabled: true,
      },
      { kind: "became-shipped", name: "became-shipped", auto_send: false, enabled: false },
    ]);
  });

  it.each([
    ["an unknown kind", { kind: "became-lost" }],
    ["an unknown field", { kind: "became-shipped", send: true }],
    ["no time", { kind: "pending-too-long" }],
    ["a time of nothing", { kind: "pending-too-long", after: "0h" }],
    ["a name that is none", { kind: "became-shipped", name: "A B" }],
  ])("refuses %s", (_, trigger) => {
    expect(triggerFileSchema.safeParse({ triggers: [trigger] }).success).toBe(false);
  });

  it("refuses two triggers of one name", () => {
    const triggers = [{ kind: "became-shipped" }, { kind: "became-delivered", name: "became-shipped" }];
    expect(triggerFileSchema.safeParse({ triggers }).success).toBe(false);
  });

  it("sends nothing by itself where there is none", () => {
    expect(DEFAULT_TRIGGERS.some(({ auto_send }) => auto_send)).toBe(false);
  });
});
