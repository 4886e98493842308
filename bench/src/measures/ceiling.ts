import type { FigureRow, Measure, MeasureContext } from "../measure.ts";
import { median, quantile } from "../quantiles.ts";
import { type ContenderName, labelOf, openTrial } from "../rounds.ts";
import { THREE_ROOMS, type TrialFigures } from "../trial.ts";

const CONTENDERS = ["socket-io", "tutorial-rooms", "bare-frames", "bare-stream"] as const;
const CLIENTS = 300;
const FROM = 200;
const STEP = 1.1;
/** First in coarse steps up to the first failure, then in fine ones from the last success. */
const COARSE_STEP = 1.6;
/** At each rate. */
const SECONDS = 2;
const MAX_RATE = 20_000;
const MAX_P99_MS = 250;
/** A look-up after the change skips states, however slow the writes: the tutorial may miss so many. */
const TUTORIAL_MAY_MISS = 0.01;

function isKept(name: ContenderName, { missed, doubled, delivered, latencies }: TrialFigures): boolean {
  const allowed = name === "tutorial-rooms" ? delivered * TUTORIAL_MAY_MISS : 0;
  return missed <= allowed && doubled <= allowed && quantile(latencies, 0.99) < MAX_P99_MS;
}

async function ceilingOf(name: ContenderName, seed: number, { set, say }: MeasureContext) {
  const trial = await openTrial(name, { uri: set.uri, clients: CLIENTS, watched: THREE_ROOMS, seed });
  const keeps = async (rate: number): Promise<boolean> => {
    const figures = await trial.run(rate, SECONDS);
    const kept = isKept(name, figures);
    const p99 = quantile(figures.latencies, 0.99).toFixed(0);
    say(
      `${labelOf(name)}: ${rate.toFixed(0)}/s ${kept ? "kept" : "not kept"}, p99 ${p99} ms, ${figures.missed} missed`,
    );
    return kept;
  };
  await trial.warmUp(FROM);
  let highest = FROM / COARSE_STEP;
  while (highest < MAX_RATE && (await keeps(highest * COARSE_STEP))) highest *= COARSE_STEP;
  while (await keeps(highest * STEP)) highest *= STEP;
  await trial.close();
  return highest;
}

export const ceiling: Measure = {
  name: "ceiling",
  title: "The highest write rate that is kept, 300 clients in three rooms",
  how:
    "2 s at each rate, in steps of 1.1, until p99 reaches 250 ms or a change is missed. The tutorial, which skips " +
    "states by its nature, may miss 1 %.",
  chart: { column: "writes/s" },
  async run(context) {
    const rates = new Map<ContenderName, number[]>(CONTENDERS.map((name) => [name, []]));
    for (let round = 1; round <= (context.quick ? 1 : 2); round += 1) {
      for (const name of CONTENDERS) rates.get(name)?.push(await ceilingOf(name, round, context));
    }
    const highest = (name: ContenderName): number => median(rates.get(name) ?? []);
    const rows: FigureRow[] = CONTENDERS.map((name) => ({
      server: labelOf(name),
      "writes/s": highest(name).toFixed(0),
    }));
    return {
      rows,
      findings: [
        { bound: "ceiling-over-tutorial", value: highest("socket-io") / highest("tutorial-rooms") },
        { bound: "ceiling-over-stream", value: highest("socket-io") / highest("bare-stream") },
      ],
    };
  },
};
