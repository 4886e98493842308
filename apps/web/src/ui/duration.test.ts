import { expect, it } from "vitest";
import { durationWord } from "./duration.ts";

const [second, minute, hour] = [1000, 60_000, 3_600_000];

it.each([
  [0, "less than 1 s"],
  [-5, "less than 1 s"],
  [999, "less than 1 s"],
  [42.9 * second, "42 s"],
  [minute, "1 min"],
  [minute + 5 * second, "1 min 5 s"],
  [2 * hour + 5 * minute + 59 * second, "2 h 5 min"],
  [24 * hour, "1 d"],
  [(3 * 24 + 4) * hour, "3 d 4 h"],
])("%d ms is said as %s", (ms, word) => {
  expect(durationWord(ms)).toBe(word);
});
