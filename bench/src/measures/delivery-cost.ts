import type { Measure } from "../measure.ts";
import { commonRow, cpuPerDelivery, ratioOf, runRounds } from "../rounds.ts";
import { THREE_ROOMS } from "../trial.ts";

const CONTENDERS = ["socket-io", "sse", "bare-frames", "tutorial-rooms"] as const;

export const deliveryCost: Measure = {
  name: "delivery-cost",
  title: "1,000 clients in three rooms, 20 writes/s",
  how: "The server's processor time, from /proc, over the changes told to clients.",
  chart: { column: "µs CPU a delivery" },
  async run(context) {
    const { quick } = context;
    const rounds = await runRounds(context, {
      contenders: CONTENDERS,
      clients: 1000,
      watched: THREE_ROOMS,
      rate: 20,
      seconds: quick ? 3 : 10,
      rounds: 3,
    });
    const over = (name: "socket-io" | "sse", other: "tutorial-rooms" | "bare-frames") =>
      ratioOf(rounds, [name, other], cpuPerDelivery);
    return {
      rows: CONTENDERS.map((name) => commonRow(rounds, name)),
      findings: [
        { bound: "cpu-over-tutorial", value: over("socket-io", "tutorial-rooms") },
        { bound: "cpu-over-frames-socket-io", value: over("socket-io", "bare-frames") },
        { bound: "cpu-over-frames-sse", value: over("sse", "bare-frames") },
      ],
    };
  },
};
