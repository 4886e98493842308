import { setTimeout as delay } from "node:timers/promises";
import { memoryDuring } from "../memory-watch.ts";
import { metricOf } from "../metric.ts";
import { quantile } from "../quantile.ts";
import { RawSocket } from "../raw-socket.ts";
import type { Readers } from "../readers.ts";
import type { Stage } from "../stage.ts";
import { untilTrue } from "../until.ts";
import type { Fault } from "../trial.ts";

/** Changes a second. */
const RATE = 400;
const ORDERS = 200;
/** As long as a name may be, but for the time that stands before it: changes are large, and buffers are full soon. */
const FILLER = "x".repeat(170);

export const slowReaders: Fault = {
  number: 11,
  name: "50 clients stop reading while 10,000 changes pass",
  passesWhen: "server memory at most 64 MiB more; the others' p99 at most 1.2 times what it was",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ orders: ORDERS, oplogSizeMb: 256 });
    const { api } = stage.node(0);
    const readers = await stage.readers({ count: 4, transports: ["socket.io"] });
    const changes = trial.by(10_000, 5_000);
    const stopped = trial.by(50, 20);
    /** Each round's p99, in ms. */
    const alone: number[] = [];
    const beside: number[] = [];
    const more: number[] = [];
    let doneMs = 0;
    const withoutThem = async () => {
      await memoryDuring(stage.node(0), async () => {
        alone.push(quantile(await latencies(stage, readers, changes), 0.99));
      });
    };
    const withThem = async () => {
      const slow = await Promise.all(
        Array.from({ length: stopped }, () => RawSocket.open(api.url, "watching")),
      );
      for (const socket of slow) socket.pause();
      const { before, peak } = await memoryDuring(stage.node(0), async () => {
        beside.push(quantile(await latencies(stage, readers, changes), 0.99));
      });
      more.push(peak - before);
      for (const socket of slow) socket.resume();
      const isDone = () => slow.every((socket) => socket.changes >= changes || !socket.isOpen);
      doneMs = Math.max(doneMs, await untilTrue(isDone, 60_000));
      for (const socket of slow) socket.close();
    };
    await latencies(stage, readers, trial.by(2_000, 200));
    // In turns, now the one first and now the other: what the log holds by then meets both alike. A second in which the
    // machine does something else makes the p99 of its round, of either kind: hence the median of the rounds.
    for (let round = 0; round < trial.by(7, 1); round += 1) {
      for (const phase of round % 2 === 0 ? [withoutThem, withThem] : [withThem, withoutThem]) await phase();
    }
    measures.sizeAtMost("more memory", Math.max(...more), 64, "MiB");
    measures.atLeast("taken out of their rooms", await metricOf(api.url, "readers_evicted_total"), 1);
    const [p99Alone, p99] = [quantile(alone, 0.5), quantile(beside, 0.5)];
    measures.note("p99 without them, median of the rounds, ms", Math.round(p99Alone * 10) / 10);
    measures.sizeAtMost("p99 with them, times that", p99 / p99Alone, 1.2, "");
    measures.within("caught up or closed when they read again", doneMs, 60_000);
    const nothing = { acknowledged: [], unknown: 0, refused: 0, heldBack: 0 };
    await trial.check(stage, readers, nothing);
  },
};

/** From just before a write to its arrival, in ms: of so many changes, at every reader. */
async function latencies(stage: Stage, readers: Readers, changes: number): Promise<readonly number[]> {
  const seen: number[] = [];
  const leave = readers.all.map(({ live }) =>
    live.follow((batch) => {
      const nowMs = performance.now();
      for (const { after } of batch.changes) seen.push(nowMs - Number(after?.customer_name.split(" ", 1)[0]));
    }),
  );
  const beganMs = performance.now();
  const writes: Promise<unknown>[] = [];
  for (let begun = 0; begun < changes; begun += 1) {
    await delay(Math.max(0, beganMs + (begun * 1000) / RATE - performance.now()));
    const customer_name = `${performance.now().toFixed(3)} ${FILLER}`;
    const fields = { customer_name, product_name: FILLER, updated_at: new Date().toISOString() };
    writes.push(stage.database.direct.update((begun % ORDERS) + 1, fields));
  }
  await Promise.all(writes);
  await stage.settle(readers);
  for (const end of leave) end();
  return seen;
}
