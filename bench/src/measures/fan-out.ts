import type { Measure } from "../measure.ts";
import { commonRow, latencyAt, ratioOf, runRounds } from "../rounds.ts";
import { THREE_ROOMS } from "../trial.ts";

const CONTENDERS = ["socket-io", "sse", "bare-frames", "tutorial-rooms", "tutorial"] as const;

export const fanOut: Measure = {
  name: "fan-out",
  title: "300 clients in three rooms, 50 writes/s",
  how: "A third of the clients watches each status.",
  chart: { column: "p99 ms" },
  async run(context) {
    const { quick } = context;
    const rounds = await runRounds(context, {
      contenders: quick ? (["socket-io", "bare-frames"] as const) : CONTENDERS,
      clients: 300,
      watched: THREE_ROOMS,
      rate: 50,
      seconds: quick ? 4 : 10,
      rounds: quick ? 1 : 3,
    });
    const value = ratioOf(rounds, ["socket-io", "bare-frames"], latencyAt(0.99));
    return {
      rows: [...rounds.keys()].map((name) => commonRow(rounds, name)),
      findings: [{ bound: "fan-out-p99", value }],
    };
  },
};
