import { setTimeout as delay } from "node:timers/promises";
import { untilReady } from "../readiness.ts";
import type { ApiNode } from "../stage.ts";
import { untilTrue } from "../until.ts";
import type { Fault } from "../trial.ts";

export const majorityDown: Fault = {
  number: 3,
  name: "Two of three members are down for 30 s",
  passesWhen:
    "stale shown and /readyz red within 10 s; writes answered 503 within 5 s; equal 15 s after at the latest",
  databases: ["mongodb"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ members: 3 });
    const readers = await stage.readers({ count: trial.by(40, 8) });
    const load = stage.load({ rate: trial.by(50, 20) });
    await delay(2_000);
    const footprint = await trial.footprint(stage.nodes);
    const { set } = stage.mongo;
    const primary = await set.primary();
    const others = [0, 1, 2].filter((member) => member !== primary);

    const beganMs = performance.now();
    await Promise.all(others.map((member) => set.kill(member)));
    const [red, stale] = await Promise.all([
      untilReady(stage.node(0), false, 30_000),
      untilTrue(() => readers.all.every(({ state }) => state !== "live"), 30_000),
    ]);
    measures.within("/readyz red", red, 10_000);
    measures.within("shown as stale by every client", stale, 10_000);
    const refusals = await Promise.all(Array.from({ length: 8 }, () => refusedWrite(stage.node(0))));
    measures.within("slowest write refused", Math.max(...refusals.map(({ ms }) => ms)), 5_000);
    measures.exactly("writes answered 503", refusals.filter(({ status }) => status === 503).length, 8);
    await delay(Math.max(0, beganMs + trial.by(30_000, 8_000) - performance.now()));

    await Promise.all(others.map((member) => set.start(member)));
    measures.within("equal after they are back", await stage.catchUp(readers), 15_000);
    const written = await load.stop();
    await trial.check(stage, readers, written);
    measures.none("resets", readers.resets);
    await trial.checkFootprint(stage.nodes, footprint);
  },
};

async function refusedWrite({ api }: ApiNode): Promise<{ status: number; ms: number }> {
  const beganMs = performance.now();
  const body = JSON.stringify({ customer_name: "Ada", product_name: "refused" });
  const headers = { "Content-Type": "application/json" };
  const { status } = await fetch(`${api.url}/api/orders`, { method: "POST", headers, body });
  return { status, ms: performance.now() - beganMs };
}
