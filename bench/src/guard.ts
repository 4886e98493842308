/**
 * `pnpm bench:guard`: short runs of what is guarded. Fails when a ratio to the baseline of the same run is worse than
 * its guard's bound, which leaves room for what a short run scatters: the bounds are well above what a busy machine finds, and
 * the ratio is the median of three interleaved rounds, so that one that something else disturbed does not count. Of processor time only: how long a change takes
 * depends on what else the machine does in those seconds, and memory in so few of them on what was collected when.
 */
import { BOUNDS, type Finding, guardOf, holds } from "./bounds.ts";
import { runMeasure } from "./measure-run.ts";
import { deliveryCost } from "./measures/delivery-cost.ts";
import { tableOf } from "./tables.ts";

const { findings } = await runMeasure(deliveryCost, true);
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
