import { expect, test } from "vitest";
import { SimulationCounters } from "./counters.ts";
import { keptRuns } from "./kept-run.ts";
import { missingIn } from "./must-happen.ts";
import { planOf, type Plan } from "./plan.ts";
import { simulate } from "./simulation.ts";

const SEEDS = 60;
const STEPS = 200;

async function outcomeOf(plan: Plan, counters = new SimulationCounters()): Promise<string> {
  const result = await simulate(plan, counters);
  if (result.kind === "held") return "held";
  return `seed ${plan.seed} broke after step ${result.step}: ${result.error.message}`;
}

test(`R-ORDER-1, C-FEED-11, C-LIVE-11: every reader gets every change once and in order, or a reset, in ${SEEDS} seeded runs of ${STEPS} steps`, async () => {
  const counters = new SimulationCounters();
  for (let seed = 1; seed <= SEEDS; seed += 1)
    expect(await outcomeOf(planOf(seed, STEPS), counters)).toBe("held");
  expect(missingIn(counters)).toEqual([]);
}, 300_000);

test("R-SOURCE-5, C-FEED-15: a seed repeats its run exactly", async () => {
  const run = async () => {
    const counters = new SimulationCounters();
    await simulate(planOf(7, STEPS), counters);
    return counters.entries();
  };
  expect(await run()).toEqual(await run());
});

test("runs that broke an invariant once hold", async () => {
  const kept = await keptRuns();
  const outcomes = await Promise.all(
    kept.map(async ([name, { plan }]) => [name, await outcomeOf(plan)] as const),
  );
  expect(outcomes).toEqual(kept.map(([name]) => [name, "held"]));
});
