/** `pnpm simulate [seeds] [steps] [first seed]`: prints the runs that break an invariant, and how often what happened. */
import { SimulationCounters } from "./counters.ts";
import { planOf } from "./plan.ts";
import { simulate } from "./simulation.ts";

const [seeds = 1000, steps = 200, first = 1] = process.argv.slice(2).map(Number);
const counters = new SimulationCounters();
const began = performance.now();
let broke = 0;
for (let seed = first; seed < first + seeds && broke < 5; seed += 1) {
  const result = await simulate(planOf(seed, steps), counters);
  if (result.kind === "held") continue;
  broke += 1;
  process.stdout.write(`seed ${seed} broke at step ${result.step}: ${result.error.stack ?? ""}\n\n`);
}
for (const [what, count] of counters.entries())
  process.stdout.write(`${String(count).padStart(9)}  ${what}\n`);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
process.stdout.write(
  `${seeds} seeds of ${steps} steps in ${seconds} s: ${broke === 0 ? "all held" : `${broke} broke`}\n`,
);
process.exitCode = broke === 0 ? 0 : 1;
