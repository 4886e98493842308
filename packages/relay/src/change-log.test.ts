import { describe, expect, test } from "vitest";
import { ChangeLog } from "./change-log.ts";
import { FakeDatabase, positionOf } from "./fakes/fake-database.ts";
import { LogEntry } from "./log-entry.ts";

const at = (tick: number, generation = "one") => ({ generation, position: positionOf(tick) });

function logOf(changes: number, limits: { logChanges: number; logBytes: number }): ChangeLog {
  const db = new FakeDatabase();
  const log = new ChangeLog(limits);
  log.restart(db.at);
  for (let count = 0; count < changes; count += 1)
    log.append([new LogEntry(db.commit(null, "pending"))], db.at);
  return log;
}

describe("the log", () => {
  test("R-BOUND-1: holds so many changes, and the oldest fall off", () => {
    const log = logOf(1_000, { logChanges: 100, logBytes: 1e9 });
    expect(log.size.changes).toBe(100);
    expect(log.reaches(at(900))).toBe(false);
    expect(log.reaches(at(901))).toBe(true);
    expect(log.entry(log.firstAfter(at(901).position))?.position).toBe(positionOf(902));
  });

  test("R-BOUND-1: holds so many bytes", () => {
    const log = logOf(1_000, { logChanges: 1e9, logBytes: 10_000 });
    expect(log.size.bytes).toBeLessThanOrEqual(10_000);
    expect(log.size.changes).toBeGreaterThan(10);
  });

  test("R-ORDER-1: finds each place that it reaches", () => {
    const log = logOf(300, { logChanges: 100, logBytes: 1e9 });
    for (let tick = 201; tick < 301; tick += 1) {
      expect(log.entry(log.firstAfter(positionOf(tick)))?.position).toBe(positionOf(tick + 1));
    }
    expect(log.firstAfter(positionOf(301))).toBe(log.end);
  });

  test("R-RESET-4: reaches no further back than where it started afresh", () => {
    const log = logOf(10, { logChanges: 100, logBytes: 1e9 });
    log.restart(at(20, "two"));
    expect(log.size).toEqual({ changes: 0, bytes: 0 });
    expect(log.reaches(at(19, "two"))).toBe(false);
    expect(log.reaches(at(20, "two"))).toBe(true);
    expect(log.reaches(at(20))).toBe(false);
  });
});
