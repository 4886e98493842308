import { bundleSimulation } from "./bundle.ts";
import { runSeeds, type BrokenSeed } from "./campaign.ts";
import type { Mutation } from "./mutations.ts";

const STEPS = 200;
const LIMIT_MS = 240_000;

/**
 * The first seed on which the planted bug breaks an invariant, its plan shrunk if that is asked for; null if none of so
 * many does.
 */
export async function findMutant(
  mutation: Mutation,
  seeds: number,
  shrinks = false,
): Promise<BrokenSeed | null> {
  const bundle = await bundleSimulation(mutation);
  try {
    const { broken } = await runSeeds(bundle, { first: 1, last: seeds, steps: STEPS, shrinks }, 1, LIMIT_MS);
    return broken[0] ?? null;
  } finally {
    await bundle.remove();
  }
}
