import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "@live-orders/client/clock";
import { z } from "zod";
import { Inspector } from "../inspector.ts";
import type { ApiNode } from "../stage.ts";
import type { Fault } from "../trial.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** What a Node process takes for the time is so many milliseconds off; as a value of `NODE_OPTIONS`. */
function clockOff(ms: number): string {
  const program = `const real=Date,now=()=>real.now()+${ms};globalThis.Date=new Proxy(real,{
    construct:(target,args,self)=>Reflect.construct(target,args.length===0?[now()]:args,self),
    get:(target,name)=>name==="now"?now:Reflect.get(target,name)})`;
  return `--import=data:text/javascript,${encodeURIComponent(program)}`;
}

export const clocksSet: Fault = {
  number: 18,
  name: "The nodes' clocks are an hour early and an hour late, the clients' 10 minutes late",
  passesWhen: "no reordering",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const env = (node: number) => ({ NODE_OPTIONS: clockOff(node === 0 ? HOUR : -HOUR) });
    const stage = await trial.open({ nodes: 2, env });
    measures.exactly("nodes whose clock is an hour off", await hoursOff(stage.nodes), 2);
    const clock = { ...systemClock, now: () => Date.now() - 10 * MINUTE };
    const readers = await stage.readers({ count: trial.by(40, 12), clock });
    const load = stage.load({ rate: trial.by(50, 20) });
    await delay(trial.by(10_000, 2_000));
    // Its readers go over to the other node, whose clock is two hours away.
    await stage.node(0).api.kill("SIGKILL");
    await delay(trial.by(10_000, 2_000));
    await stage.node(0).api.start();
    await trial.check(stage, readers, await load.stop());
    measures.none("resets", readers.resets);
  },
};

async function hoursOff(nodes: readonly ApiNode[]): Promise<number> {
  const hours = await Promise.all(nodes.map(async (node) => ((await timeOf(node)) - Date.now()) / HOUR));
  return hours.filter((off) => Math.abs(Math.abs(off) - 1) < 0.01).length;
}

const timeSchema = z.object({ result: z.object({ value: z.number() }) });

async function timeOf({ inspectorPort }: ApiNode): Promise<number> {
  const inspector = await Inspector.open(inspectorPort);
  try {
    const expression = "Date.now()";
    return timeSchema.parse(await inspector.ask("Runtime.evaluate", { expression })).result.value;
  } finally {
    inspector.close();
  }
}
