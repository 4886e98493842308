import { setTimeout as delay } from "node:timers/promises";
import { deliveriesOf } from "../deliveries.ts";
import { Clients } from "../clients/clients.ts";
import { Load } from "../load/load.ts";
import type { FigureRow, Measure, MeasureContext } from "../measure.ts";
import { processMemory } from "../process-memory.ts";
import { startTarget, TARGET } from "../target.ts";
import { THREE_ROOMS } from "../trial.ts";

const CONTENDERS = ["socket-io", "sse"] as const;
const WRITES = 1000;
const REST_MS = 5000;

/** The most that a process holds, looked at ten times a second. */
async function highestDuring(pid: number, work: Promise<number>): Promise<{ ms: number; highest: number }> {
  let highest = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      highest = Math.max(highest, await processMemory(pid));
      await delay(100);
    }
  })();
  const ms = await work.finally(() => (isOver = true));
  await watching;
  return { ms, highest };
}

async function stampede(name: (typeof CONTENDERS)[number], { set, quick }: MeasureContext) {
  const target = TARGET[name];
  const load = await Load.open({ uri: set.uri, seed: 1 });
  const server = await startTarget(target, set.uri);
  const { port } = server;
  const { dialect } = target;
  const clients = await Clients.open({ port, dialect, clients: quick ? 500 : 5000, watched: THREE_ROOMS });
  await delay(REST_MS);
  await clients.begin();
  const before = await processMemory(server.pid);
  await clients.cut();
  const writes = await load.write(500, WRITES / 500);
  const expected = THREE_ROOMS.map(
    (statuses) => writes.filter((write) => target.tells(write, statuses)).length,
  );
  const { ms, highest } = await highestDuring(server.pid, clients.comeBack(expected));
  await delay(1000);
  const { missed, doubled } = deliveriesOf(target, writes, THREE_ROOMS, await clients.seen());
  await clients.close();
  await load.close();
  await server.close();
  return { seconds: ms / 1000, memory: highest / before, missed: missed + doubled };
}

export const herd: Measure = {
  name: "herd",
  title: "5,000 clients cut at once, 1,000 changes meanwhile",
  how: "All come back with their cursors, a hundred connections under way at a time, until every one has them all.",
  async run(context) {
    const rows: FigureRow[] = [];
    const found = [];
    for (const name of CONTENDERS) {
      const { seconds, memory, missed } = await stampede(name, context);
      found.push({ seconds: missed === 0 ? seconds : Number.NaN, memory });
      rows.push({
        server: TARGET[name].label,
        "all equal after, s": seconds.toFixed(1),
        "memory at most over before": memory.toFixed(2),
        "missed or doubled": missed,
      });
    }
    return {
      rows,
      findings: [
        { bound: "herd-seconds", value: Math.max(...found.map(({ seconds }) => seconds)) },
        { bound: "herd-memory", value: Math.max(...found.map(({ memory }) => memory)) },
      ],
    };
  },
};
