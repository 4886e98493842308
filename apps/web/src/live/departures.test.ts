import { CAPACITY } from "@live-orders/client/live-orders-session";
import type { RowChange } from "@live-orders/client/live-orders";
import type { Order } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import { createDepartures } from "./departures.ts";

const order: Order = {
  id: 7,
  customer_name: "Ada",
  product_name: "Chair",
  status: "pending",
  updated_at: "2024-01-01T00:00:00.000Z",
};
const left = (more: Partial<RowChange>): RowChange => ({
  id: 7,
  before: order,
  after: null,
  by: "others",
  change: null,
  marked: false,
  replaces: null,
  ...more,
});
const moved = { ...order, status: "shipped" } as const;
const change = {
  position: "1",
  op: "update",
  id: 7,
  before: order,
  after: moved,
  at: order.updated_at,
} as const;

describe("where a row went that left the list", () => {
  it("is the status that the feed's change gave it", () => {
    const departures = createDepartures();
    departures.note(left({ change }));
    expect(departures.of(7)).toEqual({ order: moved, to: "shipped" });
  });

  it("is nowhere when it was deleted", () => {
    const departures = createDepartures();
    departures.note(left({ change: { ...change, op: "delete", after: null } }));
    expect(departures.of(7)).toEqual({ order, to: "deleted" });
  });

  it("is nowhere when it is in no page any more", () => {
    const departures = createDepartures();
    departures.note(left({ by: "load" }));
    expect(departures.of(7)?.to).toBe("deleted");
  });

  it("is not known when there was no room for it, wherever this person meant to send it", () => {
    const departures = createDepartures();
    departures.expect(7, "shipped");
    departures.note(left({ by: "bound" }));
    expect(departures.of(7)).toEqual({ order, to: "unloaded" });
  });

  it("is where this person sent it, before the feed has said so", () => {
    const departures = createDepartures();
    departures.expect(7, "shipped");
    departures.note(left({ by: "own" }));
    expect(departures.of(7)?.to).toBe("shipped");
    departures.note(left({ by: "own", before: null }));
    expect(departures.of(7)?.to).toBe("shipped");
  });

  it("is forgotten when the row comes back", () => {
    const departures = createDepartures();
    departures.note(left({ change }));
    departures.note(left({ before: null, after: order }));
    expect(departures.of(7)).toBeNull();
  });

  it("is remembered for the latest 100,000", () => {
    const departures = createDepartures();
    for (let id = 1; id <= CAPACITY + 1; id += 1) departures.note(left({ id }));
    expect([departures.of(1), departures.of(2)?.to]).toEqual([null, "deleted"]);
  });
});
