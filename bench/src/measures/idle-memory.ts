import type { Measure } from "../measure.ts";
import { median } from "../quantiles.ts";
import { TARGET, type TargetName } from "../target.ts";
import { idle, REST_SECONDS } from "./idle-connections.ts";

const CONTENDERS: readonly TargetName[] = ["socket-io", "tutorial", "sse", "bare-frames"];

export const idleMemory: Measure = {
  name: "idle-memory",
  title: "Memory a connection, 5,000 idle ones",
  how: "The server's resident memory, pages of files apart, 45 s after the last connection, less that 45 s after the start: by then V8 has collected what the opening, or the start, left, which it does when a process has done little for some 20 s.",
  chart: { column: "KiB a connection" },
  async run(context) {
    const { quick, say } = context;
    const contenders = quick ? CONTENDERS.slice(0, 2) : CONTENDERS;
    const found = new Map<TargetName, number[]>(contenders.map((name) => [name, []]));
    for (let round = 1; round <= (quick ? 1 : 2); round += 1) {
      for (const name of contenders) {
        const { memory } = await idle(
          TARGET[name],
          { clients: quick ? 1000 : 5000, restBefore: REST_SECONDS, rest: REST_SECONDS, seconds: 1 },
          context,
        );
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
