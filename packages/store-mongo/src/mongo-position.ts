import type { Position } from "@live-orders/protocol/position";
import { Timestamp } from "mongodb";

/**
 * A place in the database's commit order: `<clusterTime, 16 hex>.<n, 8 hex>`, where `n` counts the changes of `orders`
 * within their cluster time from 1 (a transaction's changes all have that of its commit). `<clusterTime>.z` stands
 * after all of them: "every change up to this time, and no later one". Plain string comparison gives the order.
 */
export interface Place {
  readonly time: Timestamp;
  /** Infinity: after the last one of its time. */
  readonly n: number;
}

const POSITION = /^([0-9a-f]{16})\.(?:(z)|([0-9a-f]{8}))$/;

const hex8 = (value: number): string => value.toString(16).padStart(8, "0");

/** By its halves: the whole number would be made by way of its decimals, a division for every few of them. */
const hexOf = (time: Timestamp): string => hex8(time.getHighBitsUnsigned()) + hex8(time.getLowBitsUnsigned());

export function positionOf({ time, n }: Place): Position {
  return `${hexOf(time)}.${n === Infinity ? "z" : hex8(n)}`;
}

/** After everything of `time`. */
export const completeAt = (time: Timestamp): Place => ({ time, n: Infinity });

/** The position of a transaction's change with the index `write`, from 0. */
export const writePosition = (time: Timestamp, write: number): Position => positionOf({ time, n: write + 1 });

/** Null for anything that `positionOf` did not make. */
export function placeOf(position: Position): Place | null {
  const [, time, complete, n] = POSITION.exec(position) ?? [];
  if (time === undefined) return null;
  return {
    time: new Timestamp({ t: Number.parseInt(time.slice(0, 8), 16), i: Number.parseInt(time.slice(8), 16) }),
    n: complete === "z" ? Infinity : Number.parseInt(n ?? "0", 16),
  };
}

export function comparePlaces(a: Place, b: Place): number {
  return a.time.compare(b.time) || (a.n === b.n ? 0 : a.n - b.n);
}
