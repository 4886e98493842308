import { expect, it } from "vitest";
import { chartSummary, stepTime, type ChartSeries } from "./chart-series.ts";

const start = Date.UTC(2024, 0, 1, 12);
const series = (values: (number | null)[]): ChartSeries => ({
  name: "Changes",
  values,
  look: "bars",
  color: "--accent",
  format: (value) => `${value} a minute`,
});
const summary = (values: (number | null)[]) =>
  chartSummary({
    starts: values.map((_, index) => start + index * 60_000),
    stepMs: 60_000,
    fromMs: start,
    series: [series(values)],
  });

it("tells what a chart shows: what is now, the most and the least", () => {
  const [first, second] = [0, 1].map((index) => stepTime(start + index * 60_000, 60_000));
  expect(summary([2, 9, null, 4])).toBe(
    `Changes: 4 a minute now, most 9 a minute at ${second}, least 2 a minute at ${first}.`,
  );
  expect(summary([0, 0])).toBe("Changes: 0 a minute throughout.");
  expect(summary([null, null])).toBe("Changes: nothing is known.");
});

it("gives a step's time with seconds only where steps are that short", () => {
  expect(stepTime(start, 15_000)).toMatch(/00.*00/);
  expect(stepTime(start, 60_000).length).toBeLessThan(stepTime(start, 15_000).length);
});
