import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../trial.ts";

export const primaryKilled: Fault = {
  number: 1,
  name: "The primary is killed (SIGKILL) at 100 writes/s, 100 clients",
  passesWhen: "feed silent at most 2 s longer than the election; clients equal 5 s after it at the latest",
  databases: ["mongodb"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ members: 3 });
    const readers = await stage.readers({ count: trial.by(100, 16) });
    const load = stage.load({ rate: trial.by(100, 40) });
    await delay(3_000);
    const footprint = await trial.footprint(stage.nodes);
    readers.watchSilence();

    const { set } = stage.mongo;
    const primary = await set.primary();
    const killedMs = performance.now();
    await set.kill(primary);
    await set.primary();
    const electedMs = performance.now();
    measures.within("equal after the election", await stage.catchUp(readers), 5_000);
    const written = await load.stop();
    const electionMs = electedMs - killedMs;
    measures.within("election", electionMs, 30_000);
    const silentMs = Math.max(...readers.on("socket.io").map(({ longestSilenceMs }) => longestSilenceMs));
    measures.within("silent beyond the election", silentMs - electionMs, 2_000);
    await trial.check(stage, readers, written);
    measures.none("resets", readers.resets);
    await set.start(primary);
    await trial.checkFootprint(stage.nodes, footprint);
  },
};
