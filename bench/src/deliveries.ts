import type { Status } from "@live-orders/protocol/status";
import type { SeenByClients } from "./clients/client-log.ts";
import type { WriteRecord } from "./load/write-record.ts";
import type { Target } from "./target.ts";

/** What came of the writes at the clients. */
export interface Deliveries {
  readonly writes: number;
  /** Changes told, over all clients. */
  readonly delivered: number;
  /** Changes that a client was meant to be told and was not. */
  readonly missed: number;
  readonly doubled: number;
  /** From just before the write to the arrival of its bytes, in ms. */
  readonly latencies: readonly number[];
}

type Watched = readonly (readonly Status[])[];

/** Holds what the clients saw against what was written: by number and sum for all, by the moment for the sampled. */
export function deliveriesOf(
  target: Target,
  writes: readonly WriteRecord[],
  watched: Watched,
  seen: SeenByClients,
): Deliveries {
  const expected = watched.map((statuses) => {
    const told = writes.filter((write) => target.tells(write, statuses));
    return { count: told.length, sum: told.reduce((sum, { key }) => sum + key, 0) };
  });
  let [delivered, missed, doubled] = [0, 0, 0];
  seen.received.forEach((received, index) => {
    const { count = 0, sum = 0 } = expected[index % expected.length] ?? {};
    delivered += received;
    missed += Math.max(0, count - received);
    doubled += Math.max(0, received - count);
    // As many as there should be, but not the same ones.
    if (received === count && seen.sums[index] !== sum) missed += 1;
  });
  return { writes: writes.length, delivered, missed, doubled, latencies: latenciesOf(writes, seen) };
}

/** @param seen each arrival with its moment */
export function latenciesOf(
  writes: readonly WriteRecord[],
  seen: Pick<SeenByClients, "keys" | "at">,
): number[] {
  const begun = new Map(writes.map(({ key, at }) => [key, at]));
  const latencies: number[] = [];
  seen.keys.forEach((key, index) => {
    const arrived = (seen.at[index] ?? Number.NaN) - (begun.get(key) ?? Number.NaN);
    if (!Number.isNaN(arrived)) latencies.push(arrived);
  });
  return latencies;
}
