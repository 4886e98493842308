import type { SimulationCounters } from "./counters.ts";
import { STEP_KINDS } from "./steps/catalogue.ts";

/** Seeds that show none of one of these prove nothing about it. */
const MUST_HAPPEN = [
  ...STEP_KINDS.map((kind) => `step: ${kind}`),
  ...["memory", "history", "database"].map((rung) => `replay from ${rung}`),
  ...["collection-gone", "history-lost"].map((reason) => `reset: ${reason}`),
  ...["socket", "sse", "long-poll"].map((name) => `fallback uses ${name}`),
  ...["lost", "broken off", "replaced by 503"].flatMap((what) => [
    `answer to a write ${what}`,
    `answer to a read ${what}`,
  ]),
  "request arrived twice",
  "batch came again",
  "stream cut within an event",
  "consumer failed to take a batch",
  "reader told to start afresh",
  "slow reader taken out of its room",
  "connection closed: slow",
  "connection closed: unavailable",
  "node crashed",
  "write failed: conflict",
  "write failed: gone",
];

/** What never happened. */
export const missingIn = (counters: SimulationCounters): string[] =>
  MUST_HAPPEN.filter((what) => counters.of(what) === 0);
