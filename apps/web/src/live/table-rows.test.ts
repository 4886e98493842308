import { DEFAULT_SORT } from "@live-orders/protocol/order-query";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeLive, orderAt } from "./fake-live.ts";
import { HandClock } from "./hand-clock.ts";
import { TableRows } from "./table-rows.ts";

let live: FakeLive;
let clock: HandClock;
let rows: TableRows;

const shown = () => Array.from({ length: rows.count() }, (_, index) => rows.idAt(index));

beforeEach(() => {
  live = new FakeLive();
  clock = new HandClock();
  rows = new TableRows(live, live.view, clock, (run) => {
    run();
  });
  live.reset([orderAt(1, 1), orderAt(2, 2), orderAt(3, 3)]);
});

describe("a list that flows", () => {
  it("shows the live view, new rows at once", () => {
    expect(shown()).toEqual([3, 2, 1]);
    live.change(4, orderAt(4, 4));
    expect(shown()).toEqual([4, 3, 2, 1]);
    expect([rows.indexOf(4), rows.indexOf(1), rows.indexOf(9)]).toEqual([0, 3, -1]);
  });

  it("keeps a row that left in its place for a moment, with a word where it went", () => {
    const moved = orderAt(2, 9, { status: "shipped" });
    const change = {
      position: "1",
      op: "update",
      id: 2,
      before: null,
      after: moved,
      at: moved.updated_at,
    } as const;
    live.change(2, null, { change });
    expect(shown()).toEqual([3, 2, 1]);
    expect(rows.departure(2)).toEqual({ order: moved, to: "shipped" });
    expect(rows.indexOf(1)).toBe(2);
    clock.pass(1500);
    expect(shown()).toEqual([3, 1]);
    // However long the list flows, what left is not kept.
    expect(rows.departure(2)).toBeNull();
  });

  it("does not keep a row that there was no room for", () => {
    live.change(2, null, { by: "bound" });
    expect(shown()).toEqual([3, 1]);
    expect(rows.departure(2)).toBeNull();
  });

  it("shows a row once that comes back while it lingers", () => {
    live.change(2, null);
    live.change(2, orderAt(2, 10));
    expect(shown()).toEqual([2, 3, 1]);
    expect(rows.departure(2)).toBeNull();
  });

  it("shows a created order once when it gets its number", () => {
    live.change(-1, orderAt(-1, 30), { by: "own" });
    live.change(-1, null, { by: "own" });
    live.change(4, orderAt(4, 31), { by: "own", replaces: -1 });
    expect(shown()).toEqual([4, 3, 2, 1]);
  });

  it("tells of a row that others changed which cells glow, and not of this person's own", () => {
    live.change(1, orderAt(1, 11, { product_name: "Desk" }));
    expect(rows.flash(1)?.cells).toEqual(["product_name"]);
    live.change(2, orderAt(2, 12, { product_name: "Desk" }), { by: "own" });
    expect(rows.flash(2)).toBeNull();
    clock.pass(1500);
    expect(rows.flash(1)).toBeNull();
  });
});

describe("a list that is held", () => {
  it("moves no row, whatever happens to the orders", () => {
    rows.hold();
    live.change(1, orderAt(1, 20));
    live.change(3, null);
    live.change(4, orderAt(4, 21));
    expect(shown()).toEqual([3, 2, 1]);
    expect(rows.departure(3)?.to).toBe("deleted");
    clock.pass(60_000);
    expect(shown()).toEqual([3, 2, 1]);
  });

  it("keeps a row that there was no room for, and does not say that it was deleted", () => {
    rows.hold();
    live.change(1, null, { by: "bound" });
    expect(shown()).toEqual([3, 2, 1]);
    expect(rows.departure(1)?.to).toBe("unloaded");
  });

  it("says how many orders it finds, those that wait among them and those that left not", () => {
    rows.hold();
    live.change(4, orderAt(4, 4));
    live.change(5, orderAt(5, 5));
    live.change(1, null);
    expect([rows.found(), rows.count()]).toEqual([4, 3]);
  });

  it("counts the new orders that wait, without those that left again", () => {
    rows.hold();
    live.change(4, orderAt(4, 4));
    live.change(5, orderAt(5, 5));
    live.change(4, null);
    expect(rows.waiting()).toBe(1);
  });

  it("lets them in when asked, and goes on holding", () => {
    rows.hold();
    live.change(4, orderAt(4, 4));
    rows.letIn();
    expect([shown(), rows.waiting(), rows.isHeld()]).toEqual([[4, 3, 2, 1], 0, true]);
    live.change(5, orderAt(5, 5));
    expect([shown(), rows.waiting()]).toEqual([[4, 3, 2, 1], 1]);
  });

  it("flows again when it is let go", () => {
    rows.hold();
    live.change(3, null);
    live.change(4, orderAt(4, 4));
    rows.release();
    expect([shown(), rows.waiting()]).toEqual([[4, 2, 1], 0]);
  });

  it("takes in the pages that are still being read, at its end and in order", () => {
    rows.hold();
    live.change(10, orderAt(10, -20), { by: "load" });
    live.change(11, orderAt(11, -10), { by: "load" });
    expect(shown()).toEqual([3, 2, 1, 10, 11]);
    expect(rows.waiting()).toBe(0);
  });

  it("gives a created order its number in its place", () => {
    live.change(-1, orderAt(-1, 30), { by: "own" });
    rows.hold();
    live.orders.delete(-1);
    live.change(4, orderAt(4, 31), { by: "own", replaces: -1 });
    expect(shown()).toEqual([4, 3, 2, 1]);
    expect(rows.waiting()).toBe(0);
  });

  it("stays held over a fresh start, with the new rows", () => {
    rows.hold();
    live.reset([orderAt(7, 1), orderAt(8, 2)]);
    expect([shown(), rows.isHeld()]).toEqual([[8, 7], true]);
  });
});

describe("another sort or search", () => {
  it("lays the list anew, held or not", () => {
    rows.hold();
    rows.arrange({ field: "id", descending: false }, "customer");
    expect([shown(), rows.q()]).toEqual([[1, 2, 3], "customer"]);
  });

  it("says of a row that no longer matches that it is elsewhere", () => {
    rows.arrange(DEFAULT_SORT, "chair");
    rows.hold();
    live.change(2, orderAt(2, 40, { product_name: "Desk" }));
    expect(shown()).toEqual([3, 2, 1]);
    expect(rows.departure(2)?.to).toBe("elsewhere");
    expect(rows.departure(1)).toBeNull();
  });
});

it("tells of a flood by others now and then, and of this person's own write at once", () => {
  let told = 0;
  rows.subscribe(() => {
    told += 1;
  });
  const scheduled: (() => void)[] = [];
  const flooded = new TableRows(live, live.view, clock, (run) => scheduled.push(run));
  flooded.subscribe(() => {
    told += 100;
  });
  for (let second = 0; second < 20; second += 1) live.change(1, orderAt(1, 100 + second));
  expect(scheduled.length).toBe(1);
  scheduled.shift()?.();
  told = 0;
  for (let second = 0; second < 20; second += 1) live.change(1, orderAt(1, 200 + second));
  expect([scheduled.length, told >= 100]).toEqual([0, false]);
  live.change(2, orderAt(2, 300), { by: "own" });
  scheduled.shift()?.();
  expect(told).toBeGreaterThanOrEqual(100);
});

it("tells its listeners of each change, and counts them", () => {
  let told = 0;
  const stop = rows.subscribe(() => {
    told += 1;
  });
  const before = rows.version();
  live.change(1, orderAt(1, 50));
  stop();
  live.change(1, orderAt(1, 51));
  expect([told, rows.version() - before]).toEqual([1, 2]);
});
