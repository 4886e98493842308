import { expect, it } from "vitest";
import { LatencyWindow, WINDOW } from "./latency-window.ts";

const NOW = 1_700_000_030_000;

it("tells quantiles by nearest rank, of the last minute alone", () => {
  const window = new LatencyWindow();
  expect(window.quantile(0.5, NOW)).toBeNull();
  window.add(NOW - 61_000, 9999);
  for (let ms = 1; ms <= 100; ms += 1) window.add(NOW - 1000, ms);
  expect([window.quantile(0.5, NOW), window.quantile(0.95, NOW)]).toEqual([51, 96]);
});

it("has a median for each second in which something was seen", () => {
  const window = new LatencyWindow();
  window.add(NOW - 1000, 5);
  window.add(NOW - 999, 7);
  window.add(NOW - 998, 900);
  window.add(NOW - 10_000, -3);
  const seconds = window.bySecond(NOW);
  expect(seconds).toHaveLength(WINDOW);
  expect([seconds.at(-1), seconds.at(-10), seconds.at(-2)]).toEqual([7, 0, null]);
});

it("is bounded, and keeps the newest", () => {
  const window = new LatencyWindow();
  for (let count = 0; count < 100_000; count += 1) window.add(NOW, count);
  expect(window.quantile(0, NOW)).toBeGreaterThan(95_000);
  expect(window.quantile(0.999_999, NOW)).toBe(99_999);
});
