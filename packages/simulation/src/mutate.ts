/**
 * `pnpm mutations [seeds] [part of a name]`: plants one bug after another in the project's code, runs the simulation on it until an
 * invariant breaks, and prints which seed and which invariant that was. Fails if a bug goes unseen.
 */
import { findMutant } from "./mutant-hunt.ts";
import { MUTATIONS } from "./mutations.ts";

const [seeds = "300", part = ""] = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ name }) => name.includes(part));
const began = performance.now();
const survivors: string[] = [];
for (const mutation of chosen) {
  const caught = await findMutant(mutation, Number(seeds));
  if (caught === null) survivors.push(mutation.name);
  const [seed, step, how] = caught ? [caught.seed, caught.step, caught.invariant] : ["-", "-", "SURVIVED"];
  process.stdout.write(
    `${mutation.name.padEnd(75)} seed ${String(seed).padStart(4)}  step ${String(step).padStart(3)}  ${how}\n`,
  );
}
const seconds = ((performance.now() - began) / 1000).toFixed(1);
const caught = chosen.length - survivors.length;
process.stdout.write(`${caught} of ${chosen.length} planted bugs caught in ${seconds} s\n`);
process.exitCode = survivors.length === 0 ? 0 : 1;
