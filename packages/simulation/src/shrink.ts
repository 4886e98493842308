import { SimulationCounters } from "./counters.ts";
import type { Plan } from "./plan.ts";
import { simulate } from "./simulation.ts";
import type { Invariant } from "./violation.ts";

const MOST_RUNS = 400;

/**
 * Takes steps out of a plan for as long as it still breaks the same invariant: halves first, then quarters, down to
 * single steps. The time of a step that is taken out passes all the same.
 */
export async function shrink(plan: Plan, invariant: Invariant, mostRuns = MOST_RUNS): Promise<Plan> {
  let runs = 0;
  const stillBreaks = async (candidate: Plan): Promise<boolean> => {
    runs += 1;
    const result = await simulate(candidate, new SimulationCounters());
    return result.kind === "broke" && result.error.invariant === invariant;
  };
  let shrunk = plan;
  for (let size = plan.steps.length >>> 1; size > 0; size >>>= 1) {
    for (let from = 0; from < shrunk.steps.length && runs < mostRuns;) {
      const candidate = without(shrunk, from, size);
      if (await stillBreaks(candidate)) shrunk = candidate;
      else from += size;
    }
  }
  return shrunk;
}

function without({ seed, steps }: Plan, from: number, size: number): Plan {
  const taken = steps.slice(from, from + size);
  const passMs = taken.reduce((sum, step) => sum + step.passMs, 0);
  const before = steps.slice(0, from);
  const last = before.pop();
  const rest = steps.slice(from + size);
  return { seed, steps: [...before, ...(last ? [{ ...last, passMs: last.passMs + passMs }] : []), ...rest] };
}
