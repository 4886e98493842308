import { setTimeout as delay } from "node:timers/promises";
import { metricOf } from "../metric.ts";
import { untilReady } from "../readiness.ts";
import { untilTrue } from "../until.ts";
import type { Fault } from "../trial.ts";

export const databaseBlackHoled: Fault = {
  number: 4,
  name: "The connection between API and database swallows everything, without a reset",
  passesWhen: "noticed within 20 s, stream opened again, equal",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ cable: true });
    const readers = await stage.readers({ count: trial.by(40, 8) });
    const load = stage.load({ rate: trial.by(50, 20), directShare: 0.5 });
    await delay(2_000);
    const footprint = await trial.footprint(stage.nodes);

    stage.database.cable.blackHole();
    const [red, stale] = await Promise.all([
      untilReady(stage.node(0), false, 60_000),
      untilTrue(() => readers.all.every(({ state }) => state !== "live"), 60_000),
    ]);
    measures.within("noticed", red, 20_000);
    measures.within("shown as stale by every client", stale, 20_000);
    await delay(trial.by(15_000, 2_000));
    stage.database.cable.allow();
    measures.within("equal after it passes again", await stage.catchUp(readers), 30_000);
    const written = await load.stop();
    measures.atLeast(
      "streams opened again",
      await metricOf(stage.node(0).api.url, "stream_restarts_total"),
      1,
    );

    await trial.check(stage, readers, written);
    measures.none("resets", readers.resets);
    await trial.checkFootprint(stage.nodes, footprint);
  },
};
