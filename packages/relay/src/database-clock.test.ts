import type { CursorParts } from "@live-orders/store/cursor-parts";
import { FakeTimers } from "@live-orders/testkit/fake-timers";
import { expect, test } from "vitest";
import { DatabaseClock } from "./database-clock.ts";

interface Look {
  readonly answer: (at: CursorParts) => void;
  readonly fail: () => void;
}

function clockOf(): { clock: DatabaseClock; looks: Look[]; timers: FakeTimers } {
  const looks: Look[] = [];
  const timers = new FakeTimers();
  const now = (): Promise<CursorParts> =>
    new Promise((answer, reject) => {
      const fail = (): void => {
        reject(new Error("away"));
      };
      looks.push({ answer, fail });
    });
  return { clock: new DatabaseClock(now, timers, 4_000), looks, timers };
}

const at = (position: string): CursorParts => ({ generation: "one", position });

test("R-BOUND-7: one look is under way and one is queued, whatever the number of readers", async () => {
  const { clock, looks, timers } = clockOf();
  const first = clock.read();
  const others = Array.from({ length: 1_000 }, () => clock.read());
  expect(looks).toHaveLength(1);
  looks[0]?.answer(at("1"));
  expect(await first).toEqual(at("1"));
  await timers.settle();
  expect(looks).toHaveLength(2);
  looks[1]?.answer(at("2"));
  for (const other of others) expect(await other).toEqual(at("2"));
  expect(looks).toHaveLength(2);
  expect(timers.size).toBe(0);
});

test("R-BOUND-7, R-WATCH-2: who asks while a look is under way is not given its answer, which may be too old", async () => {
  const { clock, looks, timers } = clockOf();
  void clock.read();
  const late = clock.read();
  looks[0]?.answer(at("1"));
  await timers.settle();
  looks[1]?.answer(at("2"));
  expect(await late).toEqual(at("2"));
});

test("R-WATCH-6: a look that fails or takes too long is none, and the next one is made", async () => {
  const { clock, looks, timers } = clockOf();
  const failing = clock.read();
  looks[0]?.fail();
  expect(await failing).toBeNull();
  const hanging = clock.read();
  await timers.pass(4_000);
  expect(await hanging).toBeNull();
  const well = clock.read();
  looks[2]?.answer(at("3"));
  expect(await well).toEqual(at("3"));
});

test("R-BOUND-7: a database that never answers is not asked again and again", async () => {
  const { clock, looks, timers } = clockOf();
  for (let times = 0; times < 10; times += 1) {
    const look = clock.read();
    await timers.pass(4_000);
    expect(await look).toBeNull();
  }
  expect(looks).toHaveLength(2);
});
