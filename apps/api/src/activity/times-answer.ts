import {
  ACTIVITY_LIMITS,
  type ActivityRange,
  type ActivityTimes,
  type Durations,
} from "@live-orders/protocol/http-activity";
import { quantileOf, sortedNumbers } from "@live-orders/protocol/quantile";
import type { OrderActivity } from "@live-orders/store/order-activity";
import { askedRange } from "./asked-range.ts";

/**
 * How long orders took that became shipped or delivered within the range.
 *
 * @throws StoreUnavailableError
 */
export async function answerTimes(
  activity: OrderActivity,
  range: ActivityRange,
  nowMs: number,
): Promise<ActivityTimes> {
  const reading = await activity.arrivals(askedRange(range, nowMs), ACTIVITY_LIMITS.arrivals);
  const { arrivals = [], sinceMs = nowMs, cut = "off", at } = reading ?? {};
  const timesTo = (status: "shipped" | "delivered") =>
    durationsOf(arrivals.filter(({ to }) => to === status).map(({ ms }) => ms));
  return {
    range,
    since: new Date(sinceMs).toISOString(),
    cut,
    shipped: timesTo("shipped"),
    delivered: timesTo("delivered"),
    position: at?.position ?? null,
  };
}

function durationsOf(values: readonly number[]): Durations {
  const sorted = sortedNumbers(values);
  return { count: sorted.length, median: quantileOf(sorted, 0.5), p90: quantileOf(sorted, 0.9) };
}
