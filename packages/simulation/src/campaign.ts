import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { Bundle } from "./bundle.ts";
import { SimulationCounters } from "./counters.ts";
import { planSchema } from "./kept-run.ts";
import { INVARIANTS } from "./violation.ts";

const brokeSchema = z.object({
  kind: z.literal("broke"),
  seed: z.int(),
  step: z.int(),
  invariant: z.enum(INVARIANTS),
  message: z.string(),
  stack: z.string(),
  /** The plan, with as few steps as break the same, if that was asked for. */
  shrunk: planSchema,
});
const messageSchema = z.discriminatedUnion("kind", [
  brokeSchema,
  z.object({ kind: z.literal("counted"), counts: z.array(z.tuple([z.string(), z.int()])) }),
]);

/** A seed that broke an invariant. */
export type BrokenSeed = z.infer<typeof brokeSchema>;

export interface Seeds {
  readonly first: number;
  readonly last: number;
  readonly steps: number;
  readonly shrinks: boolean;
}

/** Runs seeds on some workers until one of each breaks. Counts what happened. */
export async function runSeeds(
  { file }: Bundle,
  { first, ...seeds }: Seeds,
  workers: number,
  limitMs: number,
): Promise<{ readonly broken: readonly BrokenSeed[]; readonly counters: SimulationCounters }> {
  const counters = new SimulationCounters();
  const runs = Array.from({ length: workers }, (_, index) =>
    runWorker(file, { ...seeds, first: first + index, stride: workers }, counters, limitMs),
  );
  const broken = (await Promise.all(runs)).filter((one) => one !== null);
  return { broken: broken.sort((a, b) => a.seed - b.seed), counters };
}

async function runWorker(
  file: string,
  workerData: Seeds & { readonly stride: number },
  counters: SimulationCounters,
  limitMs: number,
): Promise<BrokenSeed | null> {
  const worker = new Worker(file, { workerData, execArgv: ["--enable-source-maps"] });
  const run: { broken: BrokenSeed | null; isLate: boolean } = { broken: null, isLate: false };
  worker.on("message", (said) => {
    const message = messageSchema.parse(said);
    if (message.kind === "broke") run.broken = message;
    else for (const [what, count] of message.counts) counters.count(what, count);
  });
  const limit = setTimeout(() => {
    run.isLate = true;
    void worker.terminate();
  }, limitMs);
  try {
    await once(worker, "exit");
  } finally {
    clearTimeout(limit);
  }
  if (run.isLate && run.broken === null) throw new Error(`a run did not end within ${limitMs / 1000} s`);
  return run.broken;
}
