import type { Change } from "@live-orders/protocol/change";
import type { Status } from "@live-orders/protocol/status";
import type { CursorParts } from "./cursor-parts.ts";

/** The seam to what the durable history tells of all orders together. Null: no history is kept. */
export interface OrderActivity {
  /**
   * The changes of the range, summed by steps of time, and the newest ones whatever the range.
   * @throws StoreUnavailableError
   */
  changes(range: ActivityRange, newest: number): Promise<ActivityReading | null>;
  /**
   * How long it took the orders that became shipped or delivered within the range.
   * @throws StoreUnavailableError
   */
  arrivals(range: ActivityRange, most: number): Promise<ArrivalsReading | null>;
  /**
   * A place that every change from an instant on comes after; a few of those before it may, too.
   * @throws StoreUnavailableError
   */
  placeBefore(ms: number): Promise<Reach | null>;
}

export interface ActivityRange {
  /** From this instant on, in ms since 1970: a multiple of `stepMs`. */
  readonly fromMs: number;
  readonly stepMs: number;
  /** Only the newest of the range are looked at, so many. */
  readonly most: number;
}

/** Since when all is told. */
export interface Reach {
  /** Every change from here on is told, in ms since 1970. */
  readonly sinceMs: number;
  /** Why that is later than what was asked for; null if it is not. */
  readonly cut: "history" | "limit" | null;
  /** Of a reading: every change up to here is counted, and no later one. Of a place: the changes follow it. */
  readonly at: CursorParts;
}

export interface ActivityReading extends Reach {
  /** Those in which something happened, the oldest first. */
  readonly steps: readonly ActivitySums[];
  /** The newest first. */
  readonly newest: readonly Change[];
}

export interface ActivitySums {
  /** When the step begins. */
  readonly startMs: number;
  readonly changes: number;
  readonly created: number;
  /** By how much the number of orders in each status has grown. */
  readonly net: Readonly<Record<Status, number>>;
}

export interface ArrivalsReading extends Reach {
  readonly arrivals: readonly Arrival[];
}

/**
 * An order that went from pending to shipped, or became delivered, and how long it took since it last became pending (or
 * was created so). Left out where that is not known: it was created in another status, or that was before the history
 * begins, or an image is missing between the two.
 */
export interface Arrival {
  readonly to: "shipped" | "delivered";
  readonly ms: number;
}

/**
 * From where on all is counted: the latest of what was asked, what is kept and what was looked at.
 *
 * @param limitMs of the newest that was not looked at
 */
export function reachOf(
  { fromMs }: Pick<ActivityRange, "fromMs">,
  { historyMs, limitMs }: { readonly historyMs: number; readonly limitMs: number | null },
): Pick<Reach, "sinceMs" | "cut"> {
  const latest = Math.max(fromMs, historyMs, limitMs === null ? fromMs : limitMs + 1);
  if (latest === fromMs) return { sinceMs: fromMs, cut: null };
  return { sinceMs: latest, cut: latest === historyMs ? "history" : "limit" };
}
