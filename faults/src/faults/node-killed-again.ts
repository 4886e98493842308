import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@live-orders/testkit/eventually";
import type { Fault } from "../trial.ts";

export const nodeKilledAgain: Fault = {
  number: 6,
  name: "API nodes are killed 50 times, at random moments of emit and replay",
  passesWhen: "nothing is lost",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ nodes: 2 });
    const readers = await stage.readers({ count: trial.by(40, 8) });
    const load = stage.load({ rate: trial.by(50, 20) });
    const kills = trial.by(50, 3);
    for (let kill = 0; kill < kills; kill += 1) {
      // The readers of the one before have just come to this one, and are being caught up, or have been.
      await delay(stage.random.int(0, 1_500));
      const { api } = stage.node(kill % 2);
      await api.kill("SIGKILL");
      await api.start();
    }
    await eventually(() => readers.all.every(({ state }) => state === "live"), { within: 60_000 });
    measures.note("nodes killed", kills);
    await trial.check(stage, readers, await load.stop());
    measures.none("resets", readers.resets);
  },
};
