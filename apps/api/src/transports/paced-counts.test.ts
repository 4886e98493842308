import type { Counts } from "@live-orders/protocol/http-orders";
import { expect, it } from "vitest";
import { PacedCounts } from "./paced-counts.ts";

const counts = (pending: number): Counts => ({
  pending,
  shipped: 0,
  delivered: 0,
  total: pending,
  position: `${pending}`,
});

function paced() {
  let nowMs = 0;
  let due: { atMs: number; run: () => void } | null = null;
  const passed: [atMs: number, pending: number][] = [];
  const timers = {
    nowMs: () => nowMs,
    after: (ms: number, run: () => void) => {
      due = { atMs: nowMs + ms, run };
      return () => (due = null);
    },
  };
  const advance = (ms: number): void => {
    const end = nowMs + ms;
    const next = due;
    if (next !== null && next.atMs <= end) {
      nowMs = next.atMs;
      due = null;
      next.run();
    }
    nowMs = end;
  };
  return {
    passed,
    advance,
    subject: new PacedCounts((newest) => passed.push([nowMs, newest.pending]), timers),
  };
}

it("counts go out at once, then at most once a second, the newest", () => {
  const { subject, advance, passed } = paced();
  subject.offer(counts(1));
  advance(200);
  subject.offer(counts(2));
  advance(200);
  subject.offer(counts(3));
  advance(5000);
  subject.offer(counts(4));
  expect(passed).toEqual([
    [0, 1],
    [1000, 3],
    [5400, 4],
  ]);
});

it("nothing goes out after a stop", () => {
  const { subject, advance, passed } = paced();
  subject.offer(counts(1));
  subject.offer(counts(2));
  subject.stop();
  advance(5000);
  expect(passed).toEqual([[0, 1]]);
});
