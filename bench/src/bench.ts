/**
 * `pnpm bench [measure…] [--quick]`: Live Orders against its baselines, in the same run on the same machine. Prints the
 * tables; a whole measure (not `--quick`) also goes into `docs/data/performance.json`, the charts and
 * `docs/performance.md`.
 */
import { BOUNDS, holds } from "./bounds.ts";
import { machineMs } from "./machine-clock.ts";
import { runMeasure } from "./measure-run.ts";
import { MEASURES } from "./measures/all.ts";
import { publish } from "./performance-report.ts";
import { findingRows, tableOf } from "./tables.ts";

const quick = process.argv.includes("--quick");
const asked = process.argv.slice(2).filter((argument) => argument !== "--quick");
const unknown = asked.filter((name) => !MEASURES.some((measure) => measure.name === name));
if (unknown.length > 0) {
  console.error(
    `No measure ${unknown.join(", ")}. There are: ${MEASURES.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}

let kept = true;
for (const measure of MEASURES) {
  if (asked.length > 0 && !asked.includes(measure.name)) continue;
  console.log(`\n${measure.title}`);
  const began = machineMs();
  const result = await runMeasure(measure, quick);
  const seconds = (machineMs() - began) / 1000;
  console.log(`\n${tableOf(result.rows)}\n\n${tableOf(findingRows(result.findings))}`);
  console.log(`\n${measure.name} took ${seconds.toFixed(0)} s.`);
  kept &&= result.findings.every((finding) => holds(finding, BOUNDS[finding.bound].bound));
  if (!quick) await publish(measure, result, Math.round(seconds));
}
console.log(kept ? "\nEvery bound is kept." : "\nA bound is not kept.");
process.exitCode = kept ? 0 : 1;
