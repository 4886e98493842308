import { setTimeout as delay } from "node:timers/promises";
import { metricOf } from "../metric.ts";
import { untilReady } from "../readiness.ts";
import { untilTrue } from "../until.ts";
import type { Readers } from "../readers.ts";
import type { Stage } from "../stage.ts";
import type { Fault, Trial } from "../trial.ts";
import { together } from "../write-load.ts";

export const databaseBlackHoled: Fault = {
  number: 4,
  name: "The connection between API and database swallows everything, without a reset",
  passesWhen: "noticed within 20 s, stream opened again, equal",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ cable: true });
    const readers = await stage.readers({ count: trial.by(40, 8) });
    // What a node compiles and pools at its first outage is no leak: the second is the one that is measured.
    const rehearsal = trial.scale === "full" ? await outage(trial, stage, readers) : null;
    const footprint = await trial.footprint(stage.nodes);
    const { red, stale, equal, written } = await outage(trial, stage, readers);
    measures.within("noticed", red, 20_000);
    measures.within("shown as stale by every client", stale, 20_000);
    measures.within("equal after it passes again", equal, 30_000);
    measures.atLeast(
      "streams opened again",
      await metricOf(stage.node(0).api.url, "stream_restarts_total"),
      1,
    );

    await trial.check(stage, readers, rehearsal === null ? written : together(rehearsal.written, written));
    measures.none("resets", readers.resets);
    await trial.checkFootprint(stage.nodes, footprint);
  },
};

/** One outage under a load of writes; times in milliseconds. */
async function outage(trial: Trial, stage: Stage, readers: Readers) {
  const { cable } = stage.database;
  const load = stage.load({ rate: trial.by(50, 20), directShare: 0.5 });
  await delay(2_000);
  cable.blackHole();
  const [red, stale] = await Promise.all([
    untilReady(stage.node(0), false, 60_000),
    untilTrue(() => readers.all.every(({ state }) => state !== "live"), 60_000),
  ]);
  await delay(trial.by(15_000, 2_000));
  cable.allow();
  const equal = await stage.catchUp(readers);
  return { red, stale, equal, written: await load.stop() };
}
