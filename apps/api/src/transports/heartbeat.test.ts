import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Beating, Heartbeat } from "./heartbeat.ts";

const TIMES = { intervalMs: 25_000, timeoutMs: 20_000 };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Answers at once, unless it is silent. */
class Patient implements Beating {
  isAlive = true;
  isSilent = false;
  readonly askedAt: number[] = [];
  lostAt: number | null = null;
  readonly #began = Date.now();

  ask(): void {
    this.isAlive = !this.isSilent;
    this.askedAt.push(Date.now() - this.#began);
  }

  giveUp(): void {
    this.lostAt = Date.now() - this.#began;
  }
}

const heartbeatOf = (...patients: Patient[]): Heartbeat => {
  const heartbeat = new Heartbeat(TIMES);
  for (const patient of patients) heartbeat.add(patient);
  return heartbeat;
};

it("asks each once in every interval", () => {
  const first = new Patient();
  const heartbeat = heartbeatOf(first);
  vi.advanceTimersByTime(10_100);
  const second = new Patient();
  heartbeat.add(second);
  vi.advanceTimersByTime(75_000);
  expect(first.askedAt).toEqual([25_000, 50_000, 75_000]);
  expect(second.askedAt).toEqual([24_900, 49_900, 74_900]);
  expect([first.lostAt, second.lostAt]).toEqual([null, null]);
});

it("gives up who shows no life within the timeout after a question, and nobody else", () => {
  const [lively, dead, late] = [new Patient(), new Patient(), new Patient()];
  [dead.isSilent, late.isSilent] = [true, true];
  heartbeatOf(lively, dead, late);
  vi.advanceTimersByTime(44_900);
  late.isAlive = true;
  vi.advanceTimersByTime(100);
  expect([lively.lostAt, dead.lostAt, late.lostAt]).toEqual([null, 45_000, null]);
});

it("asks nobody who is gone, and wakes nobody while it has none", () => {
  const [gone, stays] = [new Patient(), new Patient()];
  const heartbeat = heartbeatOf(gone, stays);
  heartbeat.remove(gone);
  vi.advanceTimersByTime(25_000);
  expect([gone.askedAt, stays.askedAt]).toEqual([[], [25_000]]);
  heartbeat.remove(stays);
  vi.advanceTimersByTime(250);
  expect(vi.getTimerCount()).toBe(0);
  heartbeat.add(stays);
  vi.advanceTimersByTime(25_000);
  expect(stays.askedAt).toHaveLength(2);
});

it("refuses a timeout that is no part of the interval", () => {
  expect(() => new Heartbeat({ intervalMs: 1_000, timeoutMs: 1_000 })).toThrow(RangeError);
});
