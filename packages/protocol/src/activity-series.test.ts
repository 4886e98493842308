import { describe, expect, it } from "vitest";
import { ActivitySeries } from "./activity-series.ts";
import type { Change } from "./change.ts";
import type { ActivityStep } from "./http-activity.ts";
import type { Status } from "./status.ts";

const minute = (count: number): string => new Date(Date.UTC(2024, 0, 1, 12, count)).toISOString();
const second = (minutes: number, seconds: number): string =>
  new Date(Date.UTC(2024, 0, 1, 12, minutes, seconds)).toISOString();
const order = (status: Status) => ({
  id: 1,
  customer_name: "Ada",
  product_name: "Chair",
  status,
  updated_at: minute(0),
});
const change = (at: string, before: Status | null, after: Status | null): Change => ({
  position: at,
  op: before === null ? "insert" : after === null ? "delete" : "update",
  id: 1,
  before: before && order(before),
  after: after && order(after),
  at,
});
const standing = (pending: number, shipped = 0, delivered = 0) => ({ pending, shipped, delivered });
const begin = (most: number, ...steps: ActivityStep[]) => new ActivitySeries({ stepMs: 60_000, most, steps });
const first: ActivityStep = { at: minute(0), changes: 2, created: 1, standing: standing(5) };

describe("a series of activity", () => {
  it("counts a change in the step in which it was committed", () => {
    const series = begin(60, first);
    series.take(change(second(0, 59), null, "pending"));
    series.take(change(second(1, 0), "pending", "shipped"));
    series.take(change(second(1, 30), "shipped", null));
    expect(series.steps()).toEqual([
      { at: minute(0), changes: 3, created: 2, standing: standing(6) },
      { at: minute(1), changes: 2, created: 0, standing: standing(5) },
    ]);
  });

  it("has a step for each time in which nothing happened, and no more than are asked for", () => {
    const series = begin(3, first);
    series.reach(Date.parse(second(2, 10)));
    expect(series.steps().map(({ at, changes }) => [at, changes])).toEqual([
      [minute(0), 2],
      [minute(1), 0],
      [minute(2), 0],
    ]);
    series.reach(Date.parse(minute(3)));
    expect(series.steps().map(({ at }) => at)).toEqual([minute(1), minute(2), minute(3)]);
    series.reach(Date.parse(minute(40)));
    expect(series.steps()).toEqual(
      [38, 39, 40].map((count) => ({ at: minute(count), changes: 0, created: 0, standing: standing(5) })),
    );
  });

  it("takes a change that comes late in where it belongs, and one from before its beginning in what stands", () => {
    const series = begin(60, first, { at: minute(1), changes: 0, created: 0, standing: standing(5) });
    series.take(change(second(0, 30), "pending", "shipped"));
    series.take(change(second(-5, 0), "pending", "delivered"));
    expect(series.steps()).toEqual([
      { at: minute(0), changes: 3, created: 1, standing: standing(3, 1, 1) },
      { at: minute(1), changes: 0, created: 0, standing: standing(3, 1, 1) },
    ]);
  });

  it("counts a change without an image, which moves nothing that is known", () => {
    const series = begin(60, first);
    series.take({ op: "update", at: second(0, 1), before: null, after: null });
    expect(series.steps()).toEqual([{ ...first, changes: 3 }]);
  });

  it("goes back to no earlier step when the clock does", () => {
    const series = begin(60, first);
    series.reach(Date.parse(minute(-3)));
    expect(series.steps()).toEqual([first]);
  });
});
