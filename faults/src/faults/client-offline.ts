import { setTimeout as delay } from "node:timers/promises";
import { metricOf } from "../metric.ts";
import type { Stage } from "../stage.ts";
import type { Fault } from "../trial.ts";

/** The log in RAM keeps so many changes. */
const LOG_CHANGES = 50_000;
const ORDERS = 200;

export const clientOffline: Fault = {
  number: 8,
  name: "Clients are offline for 10 s, for 2 min, and for longer than the log in RAM",
  passesWhen: "they are caught up by replay, without a snapshot",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ orders: ORDERS, oplogSizeMb: 256 });
    const node = stage.node(0);
    const { proxy, urls } = await stage.detour(node);
    const readers = await stage.readers({ count: 8, urls });
    const load = stage.load({ rate: trial.by(50, 20) });
    await delay(1_000);
    const snapshots = readers.snapshots;
    const away = async (what: string, meanwhile: () => Promise<unknown>): Promise<void> => {
      proxy.refuse();
      proxy.cut();
      await meanwhile();
      proxy.allow();
      measures.within(`caught up after ${what}`, await stage.catchUp(readers), 60_000);
    };
    await away("a short absence", () => delay(trial.by(10_000, 2_000)));
    if (trial.scale === "full") await away("2 min", () => delay(120_000));
    const written = await load.stop();
    await away("more than the log in RAM", () => overflowLog(stage, trial.by(LOG_CHANGES, 0)));
    const replays = await metricOf(node.api.url, "replays_total");
    measures.atLeast("readers caught up by replay", replays, readers.on("socket.io").length);
    await trial.check(stage, readers, written);
    measures.none("resets", readers.resets);
    measures.none("snapshots read again", readers.snapshots - snapshots);
  },
};

/** More changes than are kept in RAM; or, where there is no time for so many, a node that has forgotten all of them. */
async function overflowLog(stage: Stage, changes: number): Promise<void> {
  const standing = (await stage.database.orders()).size;
  for (let written = 0; written <= changes; written += standing)
    await stage.database.direct.updateAll({ customer_name: `Ada ${written}` });
  if (changes > 0) return;
  const { api } = stage.node(0);
  await api.kill("SIGTERM");
  await api.start();
}
