import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { SimulationCounters } from "./counters.ts";
import { planOf } from "./plan.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulation.ts";

/** Runs every `stride`th seed, until one breaks. */
const { first, stride, last, steps, shrinks } = z
  .object({
    first: z.int(),
    stride: z.int().positive(),
    last: z.int(),
    steps: z.int(),
    /** Whether the plan of a seed that breaks is to be shrunk. */
    shrinks: z.boolean(),
  })
  .parse(workerData);

const counters = new SimulationCounters();
for (let seed = first; seed <= last; seed += stride) {
  const plan = planOf(seed, steps);
  const result = await simulate(plan, counters);
  if (result.kind === "held") continue;
  const { invariant, message, stack = message } = result.error;
  const shrunk = shrinks ? await shrink(plan, invariant) : plan;
  parentPort?.postMessage({ kind: "broke", seed, step: result.step, invariant, message, stack, shrunk });
  break;
}
parentPort?.postMessage({ kind: "counted", counts: counters.entries() });
