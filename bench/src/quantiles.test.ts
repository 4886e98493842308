import { expect, it } from "vitest";
import { median, quantile } from "./quantiles.ts";

it("the median is the middle value, of an even count the mean of the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

it("a quantile is a value that was measured, by nearest rank", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(quantile(values, 0.99)).toBe(100);
  expect(quantile(values, 0.5)).toBe(51);
  expect(quantile([5], 1)).toBe(5);
  expect(quantile([], 0.5)).toBeNaN();
});
