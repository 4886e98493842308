/**
 * `pnpm test:faults [number,…] [--database mongodb|postgres] [--quick]`: every fault on real processes, or those that are
 * named. Prints the figures, and keeps them in `docs/data/faults.json` unless it is quick.
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { z } from "zod";
import { DATABASES, type DatabaseKind } from "./databases/tested-database.ts";
import { type Report, reportOf, reportText } from "./fault-report.ts";
import { keep } from "./kept-reports.ts";
import { FAULTS } from "./table-of-faults.ts";
import { type Fault, type Scale, Trial } from "./trial.ts";

const { values, positionals } = parseArgs({
  options: { database: { type: "string" }, quick: { type: "boolean", default: false } },
  allowPositionals: true,
});
const databases = values.database === undefined ? DATABASES : [z.enum(DATABASES).parse(values.database)];
const scale: Scale = values.quick ? "quick" : "full";
const numbers = positionals.flatMap((text) => text.split(",")).map(Number);

async function tryOut(fault: Fault, database: DatabaseKind): Promise<Report> {
  const trial = new Trial(database, scale);
  const beganMs = performance.now();
  const seconds = () => (performance.now() - beganMs) / 1000;
  try {
    await fault.run(trial);
    // Other work on the machine shows in every figure that is a time.
    trial.measures.note("load average of the machine", Math.round(loadavg()[0] ?? Number.NaN));
    return reportOf(fault, trial, seconds());
  } catch (error) {
    return reportOf(fault, trial, seconds(), error);
  } finally {
    await trial.end();
  }
}

const wanted = FAULTS.filter(({ number }) => numbers.length === 0 || numbers.includes(number));
const failed: number[] = [];
for (const fault of wanted) {
  for (const database of databases.filter((kind) => fault.databases.includes(kind))) {
    const report = await tryOut(fault, database);
    console.log(reportText(report));
    if (!report.passed) failed.push(fault.number);
    if (scale === "full") await keep(report);
  }
}
console.log(failed.length === 0 ? "All passed." : `Failed: ${failed.join(", ")}.`);
process.exit(failed.length === 0 ? 0 : 1);
