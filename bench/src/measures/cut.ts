import { setTimeout as delay } from "node:timers/promises";
import type { FigureRow, Measure, MeasureContext } from "../measure.ts";
import { TARGET, type TargetName } from "../target.ts";
import { ALL_STATUSES, Trial } from "../trial.ts";

const CONTENDERS = ["socket-io", "sse", "tutorial"] as const;
const RATE = 50;
const SECONDS = 6;
const CUT_AFTER_MS = 1500;
const CUT_MS = 3000;
const CLIENTS = 10;

async function cutAndCount(name: TargetName, { set }: MeasureContext): Promise<number> {
  const options = { uri: set.uri, target: TARGET[name], clients: CLIENTS, watched: ALL_STATUSES, seed: 1 };
  const trial = await Trial.open(options);
  const running = trial.run(RATE, SECONDS);
  await delay(CUT_AFTER_MS);
  await trial.clients.cut();
  await delay(CUT_MS);
  await trial.clients.comeBack([0]);
  const { missed, doubled } = await running;
  await trial.close();
  return missed + doubled;
}

export const cut: Measure = {
  name: "cut",
  title: "A cut of 3 s during 50 writes/s",
  how: "10 clients of all statuses lose their connections and come back with their cursors, if they have one.",
  async run(context) {
    const rows: FigureRow[] = [];
    let ours = Number.NaN;
    for (const name of CONTENDERS) {
      const missed = await cutAndCount(name, context);
      if (name === "socket-io") ours = missed;
      rows.push({ server: TARGET[name].label, "missed or doubled, all clients": missed });
    }
    return { rows, findings: [{ bound: "missed-after-cut", value: ours }] };
  },
};
