import { afterEach, describe, expect, it } from "vitest";
import { measureText } from "./fault-report.ts";
import { nodeKilled } from "./faults/node-killed.ts";
import { oplogRolled } from "./faults/oplog-rolled.ts";
import { primaryKilled } from "./faults/primary-killed.ts";
import { sameKey } from "./faults/same-key.ts";
import { statusMoves } from "./faults/status-moves.ts";
import { type Fault, Trial } from "./trial.ts";
import type { DatabaseKind } from "./databases/tested-database.ts";

/**
 * The most telling ones of `pnpm test:faults`, smaller. Figures that depend on the machine are not judged here, nor is
 * what a node holds a minute later.
 */
const QUICK: readonly [Fault, DatabaseKind][] = [
  [primaryKilled, "mongodb"],
  [nodeKilled, "postgres"],
  [oplogRolled, "mongodb"],
  [sameKey, "postgres"],
  [statusMoves, "postgres"],
];

let trial: Trial | null = null;
afterEach(() => trial?.end());

describe("nothing is lost, twice, out of order or invented when", () => {
  it.each(QUICK.map(([fault, database]) => ({ ...fault, database, fault })))(
    "fault $number on $database: $name",
    async ({ fault, database }) => {
      trial = new Trial(database, "quick");
      await fault.run(trial);
      const { all, findings } = trial.measures;
      const broken = all.filter(({ kind, holds }) => kind === "count" && !holds);
      expect([...broken.map(measureText), ...findings]).toEqual([]);
      expect(all.some(({ kind }) => kind === "count")).toBe(true);
    },
  );
});
