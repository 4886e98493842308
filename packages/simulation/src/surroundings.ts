import type { Status } from "@live-orders/protocol/status";
import type { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { SimulationCounters } from "./counters.ts";
import type { Network } from "./network.ts";
import type { Oracle } from "./oracle.ts";
import type { ReadChanges } from "./read-changes.ts";

/** When the database's clock begins, in ms since 1970. */
export const EPOCH = Date.parse("2026-01-01T00:00:00.000Z");

/** The world as its clients see it. */
export interface Surroundings {
  readonly timers: FakeTimers;
  readonly random: SeededRandom;
  readonly counters: SimulationCounters;
  readonly oracle: Oracle;
  /** The changes of a while have no images. */
  readonly imagesWereOff: boolean;
  /** From here on nothing fails any more. */
  readonly isHealed: boolean;
  newNetwork(): Network;
  pickStatuses(random: SeededRandom): Status[];
  /** To be told when a reader was told to start afresh: there must be a reason. */
  wasReset(name: string, read: ReadChanges): void;
  /** What broke; the first is kept, and ends the run. */
  readonly fail: (error: unknown) => void;
  /** Runs a check within the project's code, which would catch what it throws. */
  guard(check: () => void): void;
}
