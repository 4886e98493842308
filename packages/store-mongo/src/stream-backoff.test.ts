import { expect, it } from "vitest";
import { StreamBackoff } from "./stream-backoff.ts";

it("R-SOURCE-3: each pause is from half to all of 100 ms doubled with each try, and at most 5 s", () => {
  const backoff = new StreamBackoff();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const ceiling = Math.min(5000, 100 * 2 ** attempt);
    const pause = backoff.next();
    expect(pause).toBeGreaterThanOrEqual(ceiling / 2);
    expect(pause).toBeLessThanOrEqual(ceiling);
  }
});

it("R-SOURCE-3: is short again once the stream was well", () => {
  const backoff = new StreamBackoff();
  for (let attempt = 0; attempt < 20; attempt += 1) backoff.next();
  backoff.reset();
  expect(backoff.next()).toBeLessThanOrEqual(100);
});
