import { describe, expect, it } from "vitest";
import type { PastOrder } from "./past-order.ts";
import { play } from "./play.ts";
import { timelineOf, type PastEvent } from "./timeline.ts";

const orderAt = (
  ordered: number,
  shipped: number | null = null,
  delivered: number | null = null,
): PastOrder => ({
  line: 1,
  id: null,
  fields: { customer_name: "a", product_name: "b", status: "pending" },
  ordered,
  shipped,
  delivered,
});

/** A clock that jumps to the next timer at once. */
function jumpingClock() {
  let now = 0;
  return {
    now: () => now,
    after: (ms: number, run: () => void) => {
      setImmediate(() => {
        now += ms;
        run();
      });
      return () => undefined;
    },
  };
}

describe("a play", () => {
  it("performs each event when its time has come, at the speed asked for", async () => {
    const clock = jumpingClock();
    const seen: [string, number][] = [];
    await play({
      events: timelineOf([orderAt(5000, 15_000), orderAt(7000)]),
      speed: 10,
      perform: (event) => {
        seen.push([event.step, clock.now()]);
        return Promise.resolve();
      },
      onEvent: () => undefined,
      clock,
      signal: new AbortController().signal,
    });
    expect(seen).toEqual([
      ["ordered", 0],
      ["ordered", 200],
      ["shipped", 1000],
    ]);
  });

  it("keeps one order's steps apart, and a bounded number of writes under way", async () => {
    const orders = Array.from({ length: 200 }, (_, index) => orderAt(index, index + 1, index + 2));
    const underWay = new Set<PastEvent["order"]>();
    let most = 0;
    const steps = new Map<PastOrder, string[]>();
    await play({
      events: timelineOf(orders),
      speed: 1000,
      perform: async ({ order, step }) => {
        expect(underWay.has(order)).toBe(false);
        underWay.add(order);
        most = Math.max(most, underWay.size);
        await new Promise((resolve) => setImmediate(resolve));
        steps.set(order, [...(steps.get(order) ?? []), step]);
        underWay.delete(order);
      },
      onEvent: () => undefined,
      clock: jumpingClock(),
      signal: new AbortController().signal,
    });
    expect(most).toBeLessThanOrEqual(32);
    expect(steps.size).toBe(200);
    for (const done of steps.values()) expect(done).toEqual(["ordered", "shipped", "delivered"]);
  });

  it("ends with the first failure, and performs nothing more", async () => {
    let performed = 0;
    const run = play({
      events: timelineOf([orderAt(0, 1000, 2000), orderAt(5000)]),
      speed: 1,
      perform: () => {
        performed += 1;
        return performed === 2 ? Promise.reject(new Error("away")) : Promise.resolve();
      },
      onEvent: () => undefined,
      clock: jumpingClock(),
      signal: new AbortController().signal,
    });
    await expect(run).rejects.toThrow("away");
    expect(performed).toBe(2);
  });

  it("stops when it is interrupted", async () => {
    const stop = new AbortController();
    let performed = 0;
    await play({
      events: timelineOf([orderAt(0), orderAt(1000), orderAt(2000)]),
      speed: 1,
      perform: () => {
        performed += 1;
        stop.abort();
        return Promise.resolve();
      },
      onEvent: () => undefined,
      clock: jumpingClock(),
      signal: stop.signal,
    });
    expect(performed).toBe(1);
  });
});
