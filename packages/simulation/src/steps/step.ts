import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { World } from "../world.ts";

/** Something that happens in a world; what exactly, the step's own randomness decides. */
export type Step = (world: World, random: SeededRandom) => void;

const CUSTOMERS = ["Ada", "Bo", "Claire", "Darrin", "Emma"];

export const customer = (random: SeededRandom): string => random.pick(CUSTOMERS);
export const product = (random: SeededRandom): string => `Thing ${random.int(1, 99)}`;

/** An order that stands, if any does; ids are few, so that one is written again and again. */
export function someId({ database }: World, random: SeededRandom): number {
  const ids = [...database.rows.keys()];
  return ids.length > 0 ? random.pick(ids) : random.int(1, 9);
}
