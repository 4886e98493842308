import { expect, it } from "vitest";
import { EventBudget } from "./event-budget.ts";

it("a socket's events are bounded: a burst, then so many a second", () => {
  let nowMs = 0;
  const budget = new EventBudget(() => nowMs, { burst: 3, perSecond: 2 });
  const spend = (times: number) => Array.from({ length: times }, () => budget.spend());
  expect(spend(4)).toEqual([true, true, true, false]);
  nowMs += 500;
  expect(spend(2)).toEqual([true, false]);
  nowMs += 60_000;
  expect(spend(4)).toEqual([true, true, true, false]);
});
