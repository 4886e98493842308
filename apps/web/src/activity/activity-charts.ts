import { ACTIVITY_RANGES, type ActivityRange, type ActivityStep } from "@live-orders/protocol/http-activity";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { LatencySample } from "../live/screen-latency.ts";
import { grouped } from "../ui/grouped-number.ts";
import type { ChartData } from "./chart-series.ts";
import { latencySteps } from "./latency-steps.ts";

/** What the page's charts show of an activity. */
export interface ActivityCharts {
  readonly pace: ChartData;
  readonly standing: Readonly<Record<Status, ChartData>>;
  readonly latency: ChartData;
}

const rateFormat = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
export const rate = (value: number): string => rateFormat.format(value);
export const milliseconds = (value: number): string =>
  value < 10_000 ? `${grouped(Math.round(value))} ms` : `${rate(value / 1000)} s`;

export function chartsOf(
  range: ActivityRange,
  steps: readonly ActivityStep[],
  samples: readonly LatencySample[],
): ActivityCharts {
  const { step, steps: most } = ACTIVITY_RANGES[range];
  const stepMs = step * 1000;
  const starts = steps.map(({ at }) => Date.parse(at));
  const frame = { starts, stepMs, fromMs: (starts.at(-1) ?? 0) - (most - 1) * stepMs };
  const perMinute = (count: number) => (count * 60) / step;
  const latency = latencySteps(samples, steps, stepMs);
  const standingOf = (status: Status): ChartData => ({
    ...frame,
    series: [
      {
        name: "Orders",
        values: steps.map(({ standing }) => standing[status]),
        look: "area",
        color: `--${status}-solid`,
        format: grouped,
      },
    ],
  });
  const [pending, shipped, delivered] = STATUSES.map(standingOf);
  if (!pending || !shipped || !delivered) throw new TypeError("a status has no chart");
  return {
    pace: {
      ...frame,
      series: [
        {
          name: "Changes",
          values: steps.map(({ changes }) => perMinute(changes)),
          look: "bars",
          color: "--chart-soft",
          format: rate,
        },
        {
          name: "New orders",
          values: steps.map(({ created }) => perMinute(created)),
          look: "bars",
          color: "--chart-strong",
          format: rate,
        },
      ],
    },
    standing: { pending, shipped, delivered },
    latency: {
      ...frame,
      series: [
        {
          name: "p50",
          values: latency.map(({ p50 }) => p50),
          look: "line",
          color: "--chart-strong",
          format: milliseconds,
        },
        {
          name: "p95",
          values: latency.map(({ p95 }) => p95),
          look: "line",
          color: "--chart-soft",
          format: milliseconds,
        },
      ],
    },
  };
}
