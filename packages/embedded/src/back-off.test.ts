import { expect, it } from "vitest";
import { backOffMs } from "./back-off.ts";

it("doubles from 0.2 s and stays at 10 s, however often it failed", () => {
  expect([1, 2, 3, 4, 5, 6].map(backOffMs)).toEqual([200, 400, 800, 1600, 3200, 6400]);
  expect([7, 8, 1000].map(backOffMs)).toEqual([10_000, 10_000, 10_000]);
});
