import { type ApiProcess, startApi } from "@live-orders/testkit/api-process";
import { STATUSES } from "@live-orders/protocol/status";
import { setTimeout as delay } from "node:timers/promises";
import { Clients } from "../clients/clients.ts";
import { Load } from "../load/load.ts";
import type { Measure, MeasureContext } from "../measure.ts";
import { median } from "../quantiles.ts";

const CHANGES = 10_000;
const RATE = 2000;

/** A client is away while the changes are written; `between` is what happens to the server then. */
async function catchUpMs(
  { set }: MeasureContext,
  between: (api: ApiProcess) => Promise<void>,
): Promise<number[]> {
  const load = await Load.open({ uri: set.uri, seed: 1 });
  const api = await startApi({ DATABASE_URL: set.uri });
  const port = Number(new URL(api.url).port);
  const clients = await Clients.open({ port, dialect: "socket-io", clients: 1, watched: [STATUSES] });
  await delay(500);
  await clients.cut();
  const writes = await load.write(RATE, CHANGES / RATE);
  await delay(2000);
  await between(api);
  const found: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await clients.begin();
    found.push(await clients.comeBack([writes.length]));
  }
  await clients.close();
  await load.close();
  await api.dispose();
  return found;
}

async function startAnew(api: ApiProcess): Promise<void> {
  await api.kill("SIGTERM");
  await api.start();
}

export const catchUp: Measure = {
  name: "catch-up",
  title: "Catch-up of one client over 10,000 changes",
  how:
    "From the connection's first byte until the last change has come, the median of 5. From the database: the server " +
    "was started anew, so that its log in RAM holds none of them.",
  async run(context) {
    const memory = median(await catchUpMs(context, () => Promise.resolve()));
    const database = median(await catchUpMs(context, startAnew));
    return {
      rows: [
        { from: "log in RAM", ms: memory.toFixed(0) },
        { from: "database", ms: database.toFixed(0) },
      ],
      findings: [
        { bound: "catch-up-memory", value: memory },
        { bound: "catch-up-database", value: database },
      ],
    };
  },
};
