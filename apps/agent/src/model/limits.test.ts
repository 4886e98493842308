import { expect, it } from "vitest";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { ModelBudget } from "./model-budget.ts";

const SECOND = 1000;
const clockAt = (start = 0) => {
  let now = start;
  return { now: () => now, pass: (ms: number) => (now += ms) };
};

it("lets so many calls through in any minute", () => {
  const clock = clockAt();
  const budget = new ModelBudget({ callsPerMinute: 2, tokensPerDay: 1000 }, clock);
  budget.take(1);
  clock.pass(40 * SECOND);
  budget.take(1);
  expect(() => budget.take(1)).toThrow("The model may be called 2 times a minute");
  clock.pass(20 * SECOND);
  budget.take(1);
  expect(() => budget.take(1)).toThrow("2 times a minute");
});

it("counts a call's tokens as the most that it may take until it is settled, and begins anew each day", () => {
  const clock = clockAt();
  const budget = new ModelBudget({ callsPerMinute: 100, tokensPerDay: 100 }, clock);
  const first = budget.take(60);
  expect(() => budget.take(60)).toThrow("The model may use 100 tokens a day");
  first.settle(30);
  first.settle(0);
  const second = budget.take(70);
  expect(() => budget.take(1)).toThrow("100 tokens a day");
  clock.pass(86_400 * SECOND);
  budget.take(100);
  // What yesterday's call took is no matter today.
  second.settle(0);
  expect(() => budget.take(1)).toThrow("100 tokens a day");
});

it("rests after three failures in a row, lets one call try, and rests twice as long when that fails", () => {
  const clock = clockAt();
  const breaker = new CircuitBreaker(clock);
  const fail = () => breaker.enter().failed();
  fail();
  fail();
  breaker.enter().succeeded();
  for (let times = 0; times < 3; times += 1) fail();
  expect(() => breaker.enter()).toThrow("left alone for a while");
  clock.pass(15 * SECOND);
  const trial = breaker.enter();
  expect(() => breaker.enter()).toThrow("left alone for a while");
  trial.failed();
  clock.pass(29 * SECOND);
  expect(() => breaker.enter()).toThrow("left alone for a while");
  clock.pass(SECOND);
  // A call that told nothing leaves the way open for the next one.
  breaker.enter().left();
  breaker.enter().succeeded();
  breaker.enter();
  breaker.enter();
});
