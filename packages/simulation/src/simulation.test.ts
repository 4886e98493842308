import { expect, test } from "vitest";
import { SimulationCounters } from "./counters.ts";
import { simulate } from "./simulation.ts";

/** Seeds that broke a rule once, each with what it found. */
const REGRESSIONS: readonly (readonly [seed: number, found: string])[] = [];

const SEEDS = 40;
const STEPS = 200;

const describeBreak = (result: Awaited<ReturnType<typeof simulate>>): string =>
  result.kind === "held"
    ? "held"
    : `seed ${result.seed} broke at step ${result.step}: ${result.error.message}\n${result.trace.slice(-20).join("\n")}`;

test(`every reader gets every change once and in order, or a reset, in ${SEEDS} seeded runs of ${STEPS} steps`, async () => {
  const counters = new SimulationCounters();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    expect(describeBreak(await simulate(seed, STEPS, counters))).toBe("held");
  }
  for (const what of MUST_HAPPEN) expect(counters.of(what), what).toBeGreaterThan(0);
}, 300_000);

test.for(REGRESSIONS)("seed %i holds: %s", async ([seed]) => {
  expect(describeBreak(await simulate(seed, STEPS, new SimulationCounters()))).toBe("held");
});

test("a seed repeats its run exactly", async () => {
  const runs = await Promise.all(
    [1, 2].map(async () => {
      const counters = new SimulationCounters();
      await simulate(7, STEPS, counters);
      return counters.entries();
    }),
  );
  expect(runs[0]).toEqual(runs[1]);
});

/** A run that shows none of one of these proves nothing about it. */
const MUST_HAPPEN = [
  "answer to a write lost",
  "client offline",
  "connection closed: slow",
  "failover",
  "node crashed",
  "node lagged",
  "reader stopped reading",
  "replay from database",
  "replay from memory",
  "request arrived twice",
  "reset: collection-gone",
  "reset: history-lost",
  "slow reader taken out of its room",
  "step: clock jump",
  "step: delete and insert again",
  "step: transaction",
  "step: two editors of one row",
  "write failed: conflict",
];
