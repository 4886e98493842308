import { expect, test } from "vitest";
import { SimulationCounters } from "./counters.ts";
import { planOf } from "./plan.ts";
import { simulate } from "./simulation.ts";
import { STEP_KINDS } from "./steps/catalogue.ts";

const SEEDS = 60;
const STEPS = 200;

async function outcomeOf(seed: number, counters: SimulationCounters): Promise<string> {
  const result = await simulate(planOf(seed, STEPS), counters);
  return result.kind === "held"
    ? "held"
    : `seed ${seed} broke at step ${result.step}: ${result.error.message}`;
}

test(`R-ORDER-1, C-FEED-11, C-LIVE-11: every reader gets every change once and in order, or a reset, in ${SEEDS} seeded runs of ${STEPS} steps`, async () => {
  const counters = new SimulationCounters();
  for (let seed = 1; seed <= SEEDS; seed += 1) expect(await outcomeOf(seed, counters)).toBe("held");
  expect(MUST_HAPPEN.filter((what) => counters.of(what) === 0)).toEqual([]);
}, 300_000);

test("R-SOURCE-5, C-FEED-15: a seed repeats its run exactly", async () => {
  const run = async () => {
    const counters = new SimulationCounters();
    await simulate(planOf(7, STEPS), counters);
    return counters.entries();
  };
  expect(await run()).toEqual(await run());
});

/** A run that shows none of one of these proves nothing about it. */
const MUST_HAPPEN = [
  ...STEP_KINDS.map((kind) => `step: ${kind}`),
  ...["memory", "history", "database"].map((rung) => `replay from ${rung}`),
  ...["collection-gone", "history-lost"].map((reason) => `reset: ${reason}`),
  ...["socket", "sse", "long-poll"].map((name) => `fallback uses ${name}`),
  ...["lost", "broken off", "replaced by 503"].flatMap((what) => [
    `answer to a write ${what}`,
    `answer to a read ${what}`,
  ]),
  "request arrived twice",
  "batch came again",
  "stream cut within an event",
  "reader told to start afresh",
  "slow reader taken out of its room",
  "connection closed: slow",
  "connection closed: unavailable",
  "node crashed",
  "write failed: conflict",
  "write failed: gone",
];
