import type { Change } from "@live-orders/protocol/change";
import type { Lane, LaneName } from "./lane.ts";

/** What became of a cut for one lane. */
export interface CutOutcome {
  readonly name: LaneName;
  /** Of the changes that were committed during the cut, those that it was told of afterwards, and the others. */
  readonly got: number;
  readonly lost: number;
  /** From the end of the cut until it had the last of them, in ms; null if it lacks some. */
  readonly completeAfter: number | null;
}

/** `missed`: what was committed during the cut, by the server's word; `joinedAt` by the clock of `sawAt`, in ms. */
export function cutOutcome(
  lane: Pick<Lane, "name" | "sawAt">,
  missed: readonly Change[],
  joinedAt: number,
): CutOutcome {
  const times = missed.map((change) => lane.sawAt(change)).filter((time) => time !== null);
  const lost = missed.length - times.length;
  const last = times.reduce((latest, time) => Math.max(latest, time), joinedAt);
  const completeAfter = lost > 0 ? null : Math.round(last - joinedAt);
  return { name: lane.name, got: times.length, lost, completeAfter };
}
