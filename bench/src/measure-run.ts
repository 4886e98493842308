import { startApi } from "@live-orders/testkit/api-process";
import { startReplicaSet } from "@live-orders/testkit/mongo-replica-set";
import type { Measure, MeasureResult } from "./measure.ts";

/** As the embedded server's: a lone member has nobody to write no-ops for. */
const WITHOUT_NOOPS = ["--setParameter", "writePeriodicNoops=false"];

/** Runs a measure on a database of its own, and says on stderr how far it is. */
export async function runMeasure(measure: Measure, quick: boolean): Promise<MeasureResult> {
  const set = await startReplicaSet({ oplogSizeMb: 1024, cacheSizeGb: 1, extraArgs: WITHOUT_NOOPS });
  try {
    // Makes the collection as Live Orders has it, images included, for the baselines too.
    await (await startApi({ DATABASE_URL: set.uri })).dispose();
    const say = (line: string): void => void process.stderr.write(`  ${line}\n`);
    return await measure.run({ set, quick, say });
  } finally {
    await set.dispose();
  }
}
