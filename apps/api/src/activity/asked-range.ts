import { startOf } from "@live-orders/protocol/activity-series";
import { ACTIVITY_LIMITS, ACTIVITY_RANGES, type ActivityRange } from "@live-orders/protocol/http-activity";
import type { ActivityRange as StoreRange } from "@live-orders/store/order-activity";

/** The range as a store is asked for it: whole steps, up to the one that is under way. */
export function askedRange(range: ActivityRange, nowMs: number): StoreRange {
  const { step, steps } = ACTIVITY_RANGES[range];
  const stepMs = step * 1000;
  const fromMs = startOf(nowMs, stepMs) - (steps - 1) * stepMs;
  return { fromMs, stepMs, most: ACTIVITY_LIMITS.changes };
}
