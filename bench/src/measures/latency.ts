import type { Measure } from "../measure.ts";
import { commonRow, latencyAt, medianOf, ratioOf, runRounds } from "../rounds.ts";
import { ALL_STATUSES } from "../trial.ts";

const CONTENDERS = ["bare-stream", "socket-io", "sse", "bare-frames", "tutorial", "polled"] as const;

export const latency: Measure = {
  name: "latency",
  title: "Write → seen, one client, 100 writes/s",
  how: "One client of all statuses; the floor is a program that reads the change stream and pushes nothing.",
  chart: { column: "p50 ms", most: 20 },
  async run(context) {
    const { quick } = context;
    const rounds = await runRounds(context, {
      contenders: quick ? (["bare-stream", "socket-io"] as const) : CONTENDERS,
      clients: 1,
      watched: ALL_STATUSES,
      rate: 100,
      seconds: quick ? 4 : 8,
      rounds: quick ? 1 : 3,
    });
    const p50 = latencyAt(0.5);
    const beyond = medianOf(rounds, "socket-io", p50) - medianOf(rounds, "bare-stream", p50);
    const value = ratioOf(rounds, ["socket-io", "bare-stream"], p50);
    return {
      rows: [...rounds.keys()].map((name) => commonRow(rounds, name)),
      findings: [{ bound: "latency-one-client", value, otherwise: beyond <= 1 }],
    };
  },
};
