import { expect, it } from "vitest";
import { barChart } from "./bar-chart.ts";

const bar = (value: number) => ({ label: `<${value}>`, value, text: `${value}`, colour: "#4f46e5" });
const widths = (svg: string) =>
  [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));

it("draws bars from zero, as long as their values", () => {
  const [short = 0, long = 0] = widths(barChart({ title: "rates", bars: [bar(1), bar(4)] }));
  expect(long / short).toBeCloseTo(4, 2);
});

it("breaks a bar off that is longer than the most", () => {
  const [within, beyond] = widths(barChart({ title: "rates", bars: [bar(2), bar(40)], most: 2 }));
  expect(beyond).toBe(within);
});

it("holds no markup of a label's own", () => {
  expect(barChart({ title: "a & b", bars: [bar(1)] })).toMatch(/a &amp; b[^]*&lt;1&gt;/);
});
