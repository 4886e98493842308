import type { Measure } from "../measure.ts";
import { TARGET } from "../target.ts";
import { idle, REST_SECONDS } from "./idle-connections.ts";

const CONTENDERS = ["socket-io", "tutorial"] as const;

export const idleCpu: Measure = {
  name: "idle-cpu",
  title: "CPU with 5,000 idle clients and no writes",
  how: "Over 50 s, two turns of the heartbeat, from 45 s after the last connection on.",
  async run(context) {
    const rows = [];
    const percent = new Map<string, number>();
    for (const name of CONTENDERS) {
      const { cpuPercent } = await idle(
        TARGET[name],
        { clients: 5000, restBefore: 2, rest: REST_SECONDS, seconds: context.quick ? 10 : 50 },
        context,
      );
      percent.set(name, cpuPercent);
      rows.push({ server: TARGET[name].label, "% of a core": cpuPercent.toFixed(2) });
    }
    return { rows, findings: [{ bound: "idle-cpu", value: percent.get("socket-io") ?? Number.NaN }] };
  },
};
