/**
 * `pnpm simulate [seeds] [steps] [first seed]`: runs seeds on all processors. A seed that breaks an invariant is printed
 * with its trace, shrunk, and kept: `pnpm test` runs it from then on. Prints how often each thing happened, and fails if
 * an invariant broke or something never happened.
 */
import { availableParallelism } from "node:os";
import { bundleSimulation } from "./bundle.ts";
import { runSeeds, type BrokenSeed } from "./campaign.ts";
import { keep } from "./kept-run.ts";
import { planOf } from "./plan.ts";
import { missingIn } from "./must-happen.ts";
import { traceOf } from "./trace.ts";

const LIMIT_MS = 3_600_000;
const [seeds = 1000, steps = 200, first = 1] = process.argv.slice(2).map(Number);
const say = (text: string) => process.stdout.write(`${text}\n`);

async function keepShrunk({ seed, step, message, stack, shrunk }: BrokenSeed): Promise<void> {
  const plan = planOf(seed, steps);
  say(`seed ${seed} broke after step ${step}: ${stack}\n${traceOf(plan, step)}`);
  const file = await keep(`seed-${seed}`, { found: message, plan: shrunk });
  say(`shrunk from ${plan.steps.length} to ${shrunk.steps.length} steps and kept in ${file}:`);
  say(traceOf(shrunk, shrunk.steps.length));
}

const bundle = await bundleSimulation(null);
const began = performance.now();
const { broken, counters } = await runSeeds(
  bundle,
  { first, last: first + seeds - 1, steps, shrinks: true },
  availableParallelism(),
  LIMIT_MS,
);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
await bundle.remove();
for (const one of broken) await keepShrunk(one);
for (const [what, count] of counters.entries()) say(`${String(count).padStart(9)}  ${what}`);
const missing = broken.length === 0 && seeds >= 60 ? missingIn(counters) : [];
if (missing.length > 0) say(`never happened: ${missing.join(", ")}`);
say(`${seeds} seeds of ${steps} steps in ${seconds} s: ${broken.length === 0 ? "all held" : "broken"}`);
process.exitCode = broken.length === 0 && missing.length === 0 ? 0 : 1;
