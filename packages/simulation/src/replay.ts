/** `pnpm simulate:replay FILE | SEED [steps]`: runs one plan, and prints each step with its time, and what broke. */
import { SimulationCounters } from "./counters.ts";
import { readKeptRun } from "./kept-run.ts";
import { planOf } from "./plan.ts";
import { simulate } from "./simulation.ts";
import { traceOf } from "./trace.ts";

const [what = "1", steps = "200"] = process.argv.slice(2);
const plan = /^\d+$/.test(what) ? planOf(Number(what), Number(steps)) : (await readKeptRun(what)).plan;
const result = await simulate(plan, new SimulationCounters());
const end = result.kind === "broke" ? result.step : plan.steps.length;
process.stdout.write(`${traceOf(plan, end)}\n`);
process.stdout.write(
  result.kind === "held" ? "held\n" : `broke after step ${end}: ${result.error.stack ?? ""}\n`,
);
process.exitCode = result.kind === "held" ? 0 : 1;
