import { seededRandom } from "@live-orders/testkit/seeded-random";
import { kindAt, type StepKind } from "./steps/catalogue.ts";

interface PlannedStep {
  readonly kind: StepKind;
  /** Decides what exactly the step does. */
  readonly seed: number;
  /** How long it is until the next step, in ms. */
  readonly passMs: number;
}

/** A run in full: the world that a seed makes, and what happens in it. Steps can be taken out of it. */
export interface Plan {
  readonly seed: number;
  readonly steps: readonly PlannedStep[];
}

/** All that follows from the seed. */
export function planOf(seed: number, steps: number): Plan {
  const random = seededRandom(seed).fork();
  const next = (): PlannedStep => ({
    kind: kindAt(random.next()),
    seed: random.int(0, 2 ** 31),
    passMs: random.chance(0.5) ? random.int(0, 20) : random.int(0, 300),
  });
  return { seed, steps: Array.from({ length: steps }, next) };
}
