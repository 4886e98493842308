import { allDropped } from "./faults/all-dropped.ts";
import { brokenRows } from "./faults/broken-rows.ts";
import { bulkWritten } from "./faults/bulk-written.ts";
import { clientOffline } from "./faults/client-offline.ts";
import { clocksSet } from "./faults/clocks-set.ts";
import { collectionReplaced } from "./faults/collection-replaced.ts";
import { databaseBlackHoled } from "./faults/database-black-holed.ts";
import { diskFull } from "./faults/disk-full.ts";
import { fuzzedFrames } from "./faults/fuzzed-frames.ts";
import { majorityDown } from "./faults/majority-down.ts";
import { nodeKilled } from "./faults/node-killed.ts";
import { nodeKilledAgain } from "./faults/node-killed-again.ts";
import { nodesRestarted } from "./faults/nodes-restarted.ts";
import { oplogRolled } from "./faults/oplog-rolled.ts";
import { primaryKilled } from "./faults/primary-killed.ts";
import { primaryPaused } from "./faults/primary-paused.ts";
import { sameKey } from "./faults/same-key.ts";
import { slowReaders } from "./faults/slow-readers.ts";
import { statusMoves } from "./faults/status-moves.ts";
import { writeBeforeJoin } from "./faults/write-before-join.ts";
import type { Fault } from "./trial.ts";

export const FAULTS: readonly Fault[] = [
  primaryKilled,
  primaryPaused,
  majorityDown,
  databaseBlackHoled,
  nodeKilled,
  nodeKilledAgain,
  nodesRestarted,
  clientOffline,
  oplogRolled,
  collectionReplaced,
  slowReaders,
  allDropped,
  bulkWritten,
  brokenRows,
  diskFull,
  sameKey,
  fuzzedFrames,
  clocksSet,
  writeBeforeJoin,
  statusMoves,
];
