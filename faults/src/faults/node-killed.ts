import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@live-orders/testkit/eventually";
import { quantile } from "../quantile.ts";
import type { Fault } from "../trial.ts";

export const nodeKilled: Fault = {
  number: 5,
  name: "An API node is killed, its clients move to another",
  passesWhen: "reconnect p99 at most 5 s; a cursor from the dead node works on the living",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ nodes: 2, members: trial.scale === "full" ? 3 : 1 });
    const readers = await stage.readers({ count: trial.by(100, 16) });
    const load = stage.load({ rate: trial.by(50, 20) });
    await delay(2_000);
    const footprint = await trial.footprint(stage.nodes);
    const snapshots = readers.snapshots;
    const streams = [...readers.on("socket.io"), ...readers.on("sse")].filter(
      ({ state }) => state === "live",
    );

    const away = new Map<number, number>();
    const leave = streams.map((reader, index) =>
      reader.live.subscribeStatus(() => {
        if (reader.state !== "live") away.set(index, Number.NaN);
        else if (away.has(index)) away.set(index, away.get(index) || performance.now());
      }),
    );
    const killedMs = performance.now();
    await stage.node(0).api.kill("SIGKILL");
    await eventually(() => away.size > 0 && ![...away.values()].some(Number.isNaN), { within: 60_000 });
    await delay(trial.by(2_000, 500));
    for (const end of leave) end();
    const times = [...away.values()].map((backMs) => backMs - killedMs);
    measures.atLeast("streams moved", times.length, Math.floor(streams.length / 3));
    measures.within("reconnect p99", quantile(times, 0.99), 5_000);

    await trial.check(stage, readers, await load.stop());
    measures.none("resets", readers.resets);
    measures.none("snapshots read again", readers.snapshots - snapshots);
    await stage.node(0).api.start();
    await trial.checkFootprint(stage.nodes, footprint);
  },
};
