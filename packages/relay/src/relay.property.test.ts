import { STATUSES } from "@live-orders/protocol/status";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FeedSimulation, type CursorChoice, type Step } from "./fakes/feed-simulation.ts";

const statuses = fc.subarray([...STATUSES], { minLength: 1 });
const maybeStatus = fc.constantFrom(null, ...STATUSES);
const rung = fc.constantFrom("history" as const, "history" as const, "database" as const);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const reader = fc.nat({ max: 5 });
const cursor: fc.Arbitrary<CursorChoice> = fc.oneof(
  { weight: 6, arbitrary: share.map((at) => ({ at })) },
  { weight: 3, arbitrary: fc.constantFrom("none" as const, "told" as const, "now" as const) },
  { weight: 1, arbitrary: fc.constantFrom("future" as const, "foreign" as const) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({ do: fc.constant("commit" as const), before: maybeStatus, after: maybeStatus }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("burst" as const),
      count: fc.integer({ min: 1, max: 20 }),
      status: fc.constantFrom(...STATUSES),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tick" as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("tell" as const), share }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("watch" as const), statuses, cursor }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("again" as const), reader, statuses, cursor }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("unwatch", "stick", "stick", "drain", "free"),
      reader,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("read" as const),
      statuses,
      cursor,
      limit: fc.integer({ min: 1, max: 5 }),
      waitMs: fc.constantFrom(0, 1_000, 30_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(1, 50, 2_000, 12_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("forget" as const), rung, share }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("restart" as const),
      reason: fc.constantFrom("history-lost" as const, "collection-gone" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("clock" as const),
      state: fc.constantFrom("away" as const, "hangs" as const, "well" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("rung" as const),
      rung,
      state: fc.constantFrom("fails" as const, "hangs" as const, "well" as const),
    }),
  },
);

/** A long look, at runs that nobody has seen before: `RELAY_RUNS=5000`. */
const LONG = process.env["RELAY_RUNS"];
const RUNS = Number(LONG ?? 120);
/** Else always the same runs, so that they meet what they must. */
const PARAMETERS = LONG === undefined ? { numRuns: RUNS, seed: 7 } : { numRuns: RUNS };

test("R-ORDER-1 to R-ORDER-5, R-RESET-3 to R-RESET-5, R-LADDER-2, R-BOUND-1, R-BOUND-5: whatever happens, each reader gets each change of its statuses once, in order, or a reset with a reason", async () => {
  const totals = { runs: 0 };
  const told = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 120, size: "max" }), async (steps) => {
      const simulation = new FeedSimulation();
      await simulation.run(steps);
      totals.runs += 1;
      for (const what of simulation.world.told) told.add(what.replace(/ \d+$/, ""));
    }),
    PARAMETERS,
  );
  // Proof that the runs met what they are about.
  expect([...told]).toEqual(
    expect.arrayContaining([
      ...["emitted", "evicted", "closed slow", "closed unavailable", "opened history", "opened database"],
      ...[
        "replayed memory",
        "replayed history",
        "replayed database",
        "reset history-lost",
        "reset collection-gone",
      ],
    ]),
  );
  expect(totals.runs).toBe(RUNS);
}, 600_000);
