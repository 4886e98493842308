import * as writes from "./direct-writes.ts";
import * as faults from "./faults.ts";
import * as persons from "./person-writes.ts";
import type { Step } from "./step.ts";

interface Entry {
  /** How often it happens, beside the others'. */
  readonly weight: number;
  readonly step: Step;
}

/** Everything that may happen, by name. */
export const CATALOGUE = {
  "direct insert": { weight: 7, step: writes.insert },
  "direct update": { weight: 4, step: writes.update },
  "direct status move": { weight: 6, step: writes.statusMove },
  "direct replace": { weight: 2, step: writes.replace },
  "direct delete": { weight: 3, step: writes.remove },
  "direct transaction": { weight: 4, step: writes.transaction },
  "direct delete and insert again": { weight: 3, step: writes.deleteAndInsertAgain },
  "direct burst": { weight: 2, step: writes.burst },
  "person creates": { weight: 4, step: persons.create },
  "person edits": { weight: 6, step: persons.edit },
  "person removes": { weight: 2, step: persons.remove },
  "person undoes a removal": { weight: 1, step: persons.restore },
  "bulk write": { weight: 2, step: persons.bulk },
  "two editors of one row": { weight: 4, step: persons.twoEditors },
  "other statuses": { weight: 3, step: persons.otherStatuses },
  "other transport": { weight: 2, step: faults.otherTransport },
  cut: { weight: 4, step: faults.cut },
  offline: { weight: 3, step: faults.offline },
  "slow reader": { weight: 3, step: faults.slowReader },
  "slow network": { weight: 2, step: faults.slowNetwork },
  "lossy network": { weight: 1, step: faults.lossy },
  "sockets blocked": { weight: 1, step: faults.socketsBlocked },
  "node lags": { weight: 4, step: faults.lag },
  "node crashes": { weight: 2, step: faults.crash },
  failover: { weight: 1, step: faults.failover },
  "stream cut": { weight: 2, step: faults.streamCut },
  "database log cut off": { weight: 0.6, step: faults.historyCut },
  "durable history pruned": { weight: 0.4, step: faults.archivePruned },
  "collection dropped": { weight: 0.3, step: faults.drop },
  "images off": { weight: 0.4, step: faults.imagesOff },
  "clock jump": { weight: 1, step: faults.clockJump },
  nothing: { weight: 6, step: () => undefined },
} as const satisfies Record<string, Entry>;

export type StepKind = keyof typeof CATALOGUE;

const ENTRIES: readonly (readonly [string, Entry])[] = Object.entries(CATALOGUE);
export const STEP_KINDS = ENTRIES.map(([kind]) => kind);
const TOTAL = ENTRIES.reduce((sum, [, { weight }]) => sum + weight, 0);

/** The kind at a share of all weights, from 0 up to 1. */
export function kindAt(share: number): StepKind {
  let left = share * TOTAL;
  for (const kind of STEP_KINDS) {
    if (!isStepKind(kind)) continue;
    left -= CATALOGUE[kind].weight;
    if (left < 0) return kind;
  }
  return "nothing";
}

export const isStepKind = (kind: string): kind is StepKind => kind in CATALOGUE;
