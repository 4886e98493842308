import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../trial.ts";

export const nodesRestarted: Fault = {
  number: 7,
  name: "All nodes are restarted one after another, under load",
  passesWhen: "no acknowledged write is lost, no client needs a full snapshot",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ nodes: 3, members: trial.scale === "full" ? 3 : 1 });
    const readers = await stage.readers({ count: trial.by(60, 12) });
    const load = stage.load({ rate: trial.by(50, 20) });
    await delay(1_000);
    const footprint = await trial.footprint(stage.nodes);
    const snapshots = readers.snapshots;
    for (const { api } of stage.nodes) {
      measures.exactly("exit status", (await api.kill("SIGTERM")) ?? -1, 0);
      await api.start();
      await delay(1_000);
    }
    await trial.check(stage, readers, await load.stop());
    measures.none("resets", readers.resets);
    measures.none("snapshots read again", readers.snapshots - snapshots);
    await trial.checkFootprint(stage.nodes, footprint);
  },
};
