import { setTimeout as delay } from "node:timers/promises";
import { mostMoreStreamsDuring } from "../stream-watch.ts";
import type { Fault } from "../trial.ts";

export const allDropped: Fault = {
  number: 12,
  name: "2,000 clients are dropped at once with their node, and all come back",
  passesWhen: "equal within 15 s; never more than one replay stream open",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ orders: 20 });
    const node = stage.node(0);
    const readers = await stage.readers({ count: trial.by(2_000, 100), transports: ["socket.io"] });
    const load = stage.load({ rate: 20 });
    await delay(1_000);
    const snapshots = readers.snapshots;

    node.proxy.refuse();
    await node.api.kill("SIGKILL");
    const written = await load.stop();
    await node.api.start();
    const comeBack = async (): Promise<void> => {
      node.proxy.allow();
      const { ms } = await stage.settle(readers);
      measures.within("equal", ms, 15_000);
    };
    if (stage.database.kind === "mongodb") {
      const most = await mostMoreStreamsDuring(stage.mongo.client, comeBack);
      measures.atMost("replay streams at once", most, 1);
    } else {
      await comeBack();
      measures.remark("replay streams: an outbox is read by queries, there is no stream to count");
    }
    await trial.check(stage, readers, written);
    measures.none("resets", readers.resets);
    measures.none("snapshots read again", readers.snapshots - snapshots);
  },
};
