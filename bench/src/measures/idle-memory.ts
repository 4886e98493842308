import type { Measure } from "../measure.ts";
import { median } from "../rounds.ts";
import { TARGET, type TargetName } from "../target.ts";
import { idle } from "./idle-connections.ts";

const CONTENDERS: readonly TargetName[] = ["socket-io", "tutorial", "sse", "bare-frames"];

export const idleMemory: Measure = {
  name: "idle-memory",
  title: "Memory a connection, 5,000 idle ones",
  how: "The server's resident memory 8 s after the last connection, less that before the first one.",
  chart: { column: "KiB a connection" },
  async run(context) {
    const { quick, say } = context;
    const contenders = quick ? CONTENDERS.slice(0, 2) : CONTENDERS;
    const found = new Map<TargetName, number[]>(contenders.map((name) => [name, []]));
    for (let round = 1; round <= (quick ? 1 : 2); round += 1) {
      for (const name of contenders) {
        const { memory } = await idle(TARGET[name], quick ? 1000 : 5000, 1, context);
        found.get(name)?.push(memory);
        say(`round ${round}, ${TARGET[name].label}: ${(memory / 1024).toFixed(1)} KiB`);
      }
    }
    const of = (name: TargetName): number => median(found.get(name) ?? []);
    return {
      rows: contenders.map((name) => ({
        server: TARGET[name].label,
        "KiB a connection": (of(name) / 1024).toFixed(1),
      })),
      findings: [{ bound: "memory-over-tutorial", value: of("socket-io") / of("tutorial") }],
    };
  },
};
