import { z } from "zod";
import { changeSchema } from "./change.ts";
import { cursorSchema } from "./cursor.ts";
import { timestampSchema } from "./order.ts";
import { positionSchema } from "./position.ts";
import { STATUSES, type Status } from "./status.ts";

/** How far back, and in which steps: seconds of one step, and how many of them, the one that is under way included. */
export const ACTIVITY_RANGES = {
  "15m": { step: 15, steps: 60 },
  "1h": { step: 60, steps: 60 },
  "6h": { step: 300, steps: 72 },
  "24h": { step: 1200, steps: 72 },
} as const;

export const activityRangeSchema = z.enum(["15m", "1h", "6h", "24h"]);
export type ActivityRange = z.infer<typeof activityRangeSchema>;
export const DEFAULT_RANGE: ActivityRange = "1h";

/** Of one answer: the newest of the range are counted, the rest is cut off. */
export const ACTIVITY_LIMITS = {
  /** Changes. */
  changes: 100_000,
  /** Orders that became shipped or delivered. */
  arrivals: 2_000,
  /** Changes that are told of one by one. */
  newest: 50,
} as const;

/** `GET /api/activity` and `GET /api/activity/times`. */
export const activityQuerySchema = z.strictObject({ range: activityRangeSchema.optional() });

const count = z.int().min(0);
/** How many orders stand in each status. */
export const standingSchema = z.object({ pending: count, shipped: count, delivered: count });
export type Standing = z.infer<typeof standingSchema>;

/** A step of time: whole multiples of its length since 1970. */
export const activityStepSchema = z.object({
  /** When it begins. */
  at: timestampSchema,
  /** By the time at which each was committed. */
  changes: count,
  /** Those of them that made an order. */
  created: count,
  /** At its end, or as of `position` if it is under way. */
  standing: standingSchema,
});
export type ActivityStep = z.infer<typeof activityStepSchema>;

/** Why the answer does not reach as far back as was asked. */
export const activityCutSchema = z.enum(["history", "limit", "off"]);
export type ActivityCut = z.infer<typeof activityCutSchema>;

const reach = {
  range: activityRangeSchema,
  /** All changes from here on are counted. */
  since: timestampSchema,
  /**
   * Null: `since` is where the range begins. `history`: the durable history begins later. `limit`: the range holds more
   * than is counted at once. `off`: no history is kept.
   */
  cut: activityCutSchema.nullable(),
};

/** `GET /api/activity`: what happened to all orders, exactly the changes up to `position`; `cursor` goes on from there. */
export const activitySchema = z.object({
  ...reach,
  /** Seconds. */
  step: z.int().min(1),
  /** The oldest first, without a gap, from the one that holds `since` to the one that is under way. */
  steps: z.array(activityStepSchema),
  /** Whatever the range, the newest first. */
  newest: z.array(changeSchema),
  position: positionSchema,
  cursor: cursorSchema,
});
export type Activity = z.infer<typeof activitySchema>;

/** In milliseconds, by nearest rank; null of nothing. */
export const durationsSchema = z.object({
  count,
  median: z.number().min(0).nullable(),
  p90: z.number().min(0).nullable(),
});
export type Durations = z.infer<typeof durationsSchema>;

/** `GET /api/activity/times`: how long orders took that became shipped or delivered within the range. */
export const activityTimesSchema = z.object({
  ...reach,
  /** From when the order last became pending until it went from pending to shipped. */
  shipped: durationsSchema,
  /** From when the order last became pending until it became delivered. */
  delivered: durationsSchema,
  /** Every change up to here is counted. Null: no history is kept. */
  position: positionSchema.nullable(),
});
export type ActivityTimes = z.infer<typeof activityTimesSchema>;

/** How a change moves the number of orders in each status; a missing image counts as none. */
export function netOf(before: Status | null, after: Status | null): Record<Status, number> {
  const net = { pending: 0, shipped: 0, delivered: 0 };
  if (before !== null) net[before] -= 1;
  if (after !== null) net[after] += 1;
  return net;
}

/** Sums `more` into `standing`, never below 0. */
export function moved(standing: Standing, more: Readonly<Record<Status, number>>): Standing {
  const next = { ...standing };
  for (const status of STATUSES) next[status] = Math.max(0, standing[status] + more[status]);
  return next;
}
