import { setTimeout as delay } from "node:timers/promises";
import { rollOplog } from "@live-orders/testkit/roll-oplog";
import type { Fault, Trial } from "../trial.ts";

export const oplogRolled: Fault = {
  number: 9,
  name: "The oplog rolls over while clients are away; then the node is restarted, and has nothing in RAM",
  passesWhen: "without a history exactly one reset and one snapshot, equal; with history replay only",
  databases: ["mongodb"],
  async run(trial) {
    await awayWhileItRolls(trial, "without history", { HISTORY_DAYS: "0" }, 1);
    await awayWhileItRolls(trial, "with history", {}, 0);
  },
};

async function awayWhileItRolls(
  trial: Trial,
  what: string,
  env: Record<string, string>,
  resets: number,
): Promise<void> {
  const { measures } = trial;
  const stage = await trial.open({ oplogSizeMb: 1, extraArgs: ["--syncdelay", "1"], env });
  const { api } = stage.node(0);
  const { proxy, urls } = await stage.detour(stage.node(0));
  const readers = await stage.readers({ count: trial.by(20, 8), urls });
  const load = stage.load({ rate: trial.by(50, 20) });
  await delay(1_000);
  proxy.refuse();
  proxy.cut();
  await delay(trial.by(5_000, 1_000));
  const written = await load.stop();
  await stage.database.log();
  await rollOplog(stage.mongo.client);
  await stage.database.beginLog();
  // The history is filled a moment after the feed.
  await delay(3_000);
  await api.kill("SIGTERM");
  await api.start();
  const snapshots = readers.snapshots;
  proxy.allow();
  await trial.check(stage, readers, written);
  for (const reader of readers.all) measures.exactly(`resets ${what}, ${reader.name}`, reader.resets, resets);
  const read = readers.snapshots - snapshots;
  measures.exactly(`snapshots ${what}, ${readers.all.length} clients`, read, resets * readers.all.length);
}
