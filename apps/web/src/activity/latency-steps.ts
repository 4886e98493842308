import type { ActivityStep } from "@live-orders/protocol/http-activity";
import { quantileOf, sortedNumbers } from "@live-orders/protocol/quantile";
import type { LatencySample } from "../live/screen-latency.ts";

interface Quantiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

export function quantilesOf(samples: readonly LatencySample[]): Quantiles {
  const sorted = sortedNumbers(samples.map(({ ms }) => ms));
  return { count: sorted.length, p50: quantileOf(sorted, 0.5), p95: quantileOf(sorted, 0.95) };
}

/** What was measured in each step. */
export function latencySteps(
  samples: readonly LatencySample[],
  steps: readonly ActivityStep[],
  stepMs: number,
): Quantiles[] {
  return steps.map(({ at }) => {
    const startMs = Date.parse(at);
    return quantilesOf(samples.filter(({ atMs }) => atMs >= startMs && atMs < startMs + stepMs));
  });
}
