import { describe, expect, it } from "vitest";
import { orderAt } from "../live/fake-live.ts";
import { isToBeAsked, standingOrder } from "./standing-order.ts";

const seen = orderAt(7, 10);
const later = orderAt(7, 20);
const nothing = { held: null, departure: null, asked: undefined, before: undefined };

describe("how the order of the panel stands", () => {
  it("is told by the list that holds it, and the server is not asked", () => {
    const known = { ...nothing, held: later, asked: seen, before: seen };
    expect([standingOrder(known), isToBeAsked(known)]).toEqual([later, false]);
  });

  it("is told by the list that it left: it was deleted, or stands elsewhere", () => {
    const deleted = { ...nothing, departure: { order: seen, to: "deleted" }, before: seen } as const;
    expect([standingOrder(deleted), isToBeAsked(deleted)]).toEqual([null, false]);
    const moved = { ...nothing, departure: { order: later, to: "shipped" }, before: seen } as const;
    expect([standingOrder(moved), isToBeAsked(moved)]).toEqual([later, false]);
  });

  it("is asked of the server when the list had no room for it, and it is not deleted meanwhile", () => {
    const unloaded = { ...nothing, departure: { order: seen, to: "unloaded" } } as const;
    expect([standingOrder(unloaded), isToBeAsked(unloaded)]).toEqual([seen, true]);
    expect(standingOrder({ ...unloaded, departure: null, before: seen })).toEqual(seen);
    expect(standingOrder({ ...unloaded, asked: later, before: seen })).toEqual(later);
    expect(standingOrder({ ...unloaded, asked: null, before: seen })).toBeNull();
  });

  it("is not what the server said before the list held it", () => {
    expect(standingOrder({ ...nothing, asked: seen, before: later })).toEqual(later);
  });

  it("is not known before anybody has told", () => {
    expect([standingOrder(nothing), isToBeAsked(nothing)]).toEqual([undefined, true]);
    expect(standingOrder({ ...nothing, asked: null })).toBeNull();
  });
});
