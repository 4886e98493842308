import { expect, it } from "vitest";
import { parseDuration, parseDurationRange, parseSpeed } from "./duration.ts";

it.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["1.5h", 5_400_000],
  ["7d", 604_800_000],
  ["2w", 1_209_600_000],
])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(["", "7", "d", "0d", "-1d", "1y", "999999w", "1d2h"])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeNull();
});

it("a range has a least and a most", () => {
  expect(parseDurationRange("1d-3d")).toEqual({ least: 86_400_000, most: 259_200_000 });
  expect(parseDurationRange("1h")).toEqual({ least: 3_600_000, most: 3_600_000 });
  for (const text of ["3d-1d", "1d-2d-3d", "1d-", ""]) expect(parseDurationRange(text)).toBeNull();
});

it("7d/s lets seven days go by in a second", () => {
  expect(parseSpeed("7d/s")).toBe(604_800);
  for (const text of ["7d", "/s", "7d/m"]) expect(parseSpeed(text)).toBeNull();
});
