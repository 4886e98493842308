/**
 * `pnpm bench:guard`: short runs of what is guarded. Fails when a ratio to the baseline of the same run is worse than
 * its guard's bound, which leaves room for what a short run scatters. Of processor time and memory only: how long a
 * change takes depends on what else the machine does in those seconds.
 */
import { BOUNDS, type Finding, guardOf, holds } from "./bounds.ts";
import { runMeasure } from "./measure-run.ts";
import { deliveryCost } from "./measures/delivery-cost.ts";
import { idleMemory } from "./measures/idle-memory.ts";
import { tableOf } from "./tables.ts";

const findings: Finding[] = [];
for (const measure of [deliveryCost, idleMemory]) {
  findings.push(...(await runMeasure(measure, true)).findings);
}
const isKept = (finding: Finding): boolean => holds(finding, guardOf(finding.bound));
const rows = findings.map((finding) => ({
  guarded: BOUNDS[finding.bound].what,
  bound: BOUNDS[finding.bound].bound,
  "guard's bound": guardOf(finding.bound),
  found: finding.value.toFixed(2),
  kept: isKept(finding) ? "yes" : "no",
}));
console.log(tableOf(rows));
process.exitCode = findings.every(isKept) ? 0 : 1;
