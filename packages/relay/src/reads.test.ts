import { decodeCursor, type CursorParts } from "@live-orders/store/cursor-parts";
import { describe, expect, test } from "vitest";
import { positionOf } from "./fakes/fake-database.ts";
import { RelayWorld } from "./fakes/relay-world.ts";
import type { ReadOutcome } from "./reads.ts";

const at = (tick: number): CursorParts => ({ generation: "one", position: positionOf(tick) });

const ticksOf = (outcome: ReadOutcome | null): number[] | null =>
  outcome?.kind === "batch" ? outcome.batch.decode().changes.map(({ position }) => Number(position)) : null;

const upTo = (outcome: ReadOutcome | null): number | null =>
  outcome?.kind === "batch" ? Number(outcome.batch.position) : null;

async function worldWith(changes: number, logChanges = 100): Promise<RelayWorld> {
  const world = await new RelayWorld({ logChanges }).open();
  for (let count = 0; count < changes; count += 1) await world.insert();
  return world;
}

describe("without a cursor", () => {
  test("R-READ-1: answers the cursor of now and no changes", async () => {
    const world = await worldWith(3);
    world.db.commit(null, "pending");
    const reading = world.read();
    await world.timers.settle();
    expect(reading.outcome).toMatchObject({ kind: "batch", more: false });
    expect(ticksOf(reading.outcome)).toEqual([]);
    const { outcome } = reading;
    expect(outcome?.kind === "batch" && decodeCursor(outcome.batch.cursor)).toEqual(world.db.at);
  });

  test("R-READ-1: is unavailable while the database is away", async () => {
    const world = await worldWith(3);
    world.db.isAway = true;
    const reading = world.read();
    await world.timers.settle();
    expect(reading.outcome).toEqual({ kind: "unavailable" });
  });
});

describe("with a wait", () => {
  test("R-READ-2: what is there is answered at once, without a look at the database", async () => {
    const world = await worldWith(3);
    world.db.isAway = true;
    const reading = world.read({ after: at(2), waitMs: 30_000 });
    await world.timers.settle();
    expect(ticksOf(reading.outcome)).toEqual([3, 4]);
  });

  test("R-READ-2: else what comes first is answered as soon as it comes", async () => {
    const world = await worldWith(3);
    const reading = world.read({ after: at(4), waitMs: 30_000 });
    await world.timers.pass(1_000);
    await world.insert("delivered");
    expect(reading.outcome).toBeNull();
    expect(world.relay.stats().waitingReads).toBe(1);
    await world.insert();
    expect(ticksOf(reading.outcome)).toEqual([6]);
    expect(world.timers.size).toBe(0);
  });

  test("R-READ-2, R-ORDER-3: else, empty, when the wait is over", async () => {
    const world = await worldWith(3);
    const reading = world.read({ after: at(4), waitMs: 3_000 });
    await world.timers.pass(2_999);
    expect(reading.outcome).toBeNull();
    await world.timers.pass(1);
    expect(ticksOf(reading.outcome)).toEqual([]);
    expect(upTo(reading.outcome)).toBe(4);
  });

  test("R-READ-5: one that waits is answered, empty, soon after the head has moved on", async () => {
    const world = await worldWith(3);
    const moved = world.read({ after: at(4), waitMs: 30_000 });
    const quiet = world.read({ after: at(4), waitMs: 30_000, statuses: ["shipped"] });
    await world.timers.pass(7_000);
    world.db.commit(null, "delivered");
    await world.tell();
    await world.timers.pass(1_000);
    expect(ticksOf(moved.outcome)).toEqual([]);
    expect(upTo(moved.outcome)).toBe(5);
    expect(quiet.outcome).not.toBeNull();
  });

  test("R-READ-5: one whose head stands waits to its end", async () => {
    const world = await worldWith(3);
    const reading = world.read({ after: at(4), waitMs: 30_000 });
    await world.timers.pass(29_999);
    expect(reading.outcome).toBeNull();
    world.db.tick();
    await world.tell();
    await world.timers.pass(1);
    expect(upTo(reading.outcome)).toBe(5);
  });

  test("R-READ-2, R-ORDER-3: on a node that lags it waits for what comes after the cursor", async () => {
    const world = await worldWith(1);
    world.db.commit(null, "pending");
    const after = world.db.at;
    const reading = world.read({ after, waitMs: 30_000 });
    await world.tell();
    expect(reading.outcome).toBeNull();
    await world.insert();
    expect(ticksOf(reading.outcome)).toEqual([4]);
  });

  test("R-READ-7: one whose caller has gone ends and leaves nothing behind", async () => {
    const world = await worldWith(3);
    const gone = new AbortController();
    const reading = world.read({ after: at(4), waitMs: 30_000, signal: gone.signal });
    await world.timers.settle();
    gone.abort();
    await world.timers.settle();
    expect(reading.outcome).not.toBeNull();
    expect(world.relay.stats().waitingReads).toBe(0);
    expect(world.timers.size).toBe(0);
  });

  test("R-BOUND-6: reads that wait are bounded", async () => {
    const world = await new RelayWorld({ waitingReads: 1 }).open();
    world.read({ after: at(1), waitMs: 30_000 });
    await world.timers.settle();
    const second = world.read({ after: at(1), waitMs: 30_000 });
    await world.timers.settle();
    expect(second.outcome).toEqual({ kind: "unavailable" });
  });
});

describe("without a wait", () => {
  test("R-READ-3: holds all that was committed before, even if this node has not heard of it yet", async () => {
    const world = await worldWith(2);
    world.db.commit(null, "pending");
    const reading = world.read({ after: at(1) });
    await world.timers.settle();
    expect(reading.outcome).toBeNull();
    await world.tell();
    expect(ticksOf(reading.outcome)).toEqual([2, 3, 4]);
  });

  test("R-READ-3: a filled answer needs no look at the database", async () => {
    const world = await worldWith(5);
    world.db.isAway = true;
    const reading = world.read({ after: at(1), limit: 2 });
    await world.timers.settle();
    expect(ticksOf(reading.outcome)).toEqual([2, 3]);
  });

  test("R-READ-3: with the database away, what is at hand is answered, and nothing is not claimed to be all", async () => {
    const world = await worldWith(3);
    world.db.isAway = true;
    const some = world.read({ after: at(1) });
    const none = world.read({ after: at(4) });
    await world.timers.settle();
    expect(ticksOf(some.outcome)).toEqual([2, 3, 4]);
    expect(none.outcome).toEqual({ kind: "unavailable" });
  });

  test("R-READ-3: a feed that does not get there in time is unavailable", async () => {
    const world = await worldWith(1);
    world.db.commit(null, "pending");
    const reading = world.read({ after: at(2) });
    await world.timers.pass(2_000);
    expect(reading.outcome).toEqual({ kind: "unavailable" });
  });

  test("R-READ-4: the limit counts what the reader sees, and the answer reaches to its last change", async () => {
    const world = await new RelayWorld().open();
    for (let count = 0; count < 3; count += 1) {
      await world.insert("shipped");
      await world.insert("pending");
    }
    const first = world.read({ after: at(1), limit: 2 });
    await world.timers.settle();
    expect(first.outcome).toMatchObject({ more: true });
    expect(ticksOf(first.outcome)).toEqual([3, 5]);
    expect(upTo(first.outcome)).toBe(5);
    const rest = world.read({ after: at(5), limit: 2 });
    await world.timers.settle();
    expect(rest.outcome).toMatchObject({ more: false });
    expect(ticksOf(rest.outcome)).toEqual([7]);
  });

  test("R-READ-4: a limit that is just met is not cut", async () => {
    const world = await worldWith(3);
    const reading = world.read({ after: at(1), limit: 3 });
    await world.timers.settle();
    expect(reading.outcome).toMatchObject({ more: false });
    expect(ticksOf(reading.outcome)).toEqual([2, 3, 4]);
  });
});

describe("below the log", () => {
  test("R-READ-6: takes part in the shared replay, and is asked to go on from there", async () => {
    const world = await worldWith(30, 5);
    const watcher = world.subscriber();
    world.relay.watch(watcher, { statuses: ["pending"], after: at(3) }, watcher.done);
    const reading = world.read({ after: at(5), limit: 4, waitMs: 1_000 });
    await world.timers.settle();
    expect(reading.outcome).toMatchObject({ kind: "batch", more: true });
    expect(ticksOf(reading.outcome)).toEqual([6, 7, 8, 9]);
    expect(upTo(reading.outcome)).toBe(9);
    expect(world.told).toContain("replayed history 4");
    expect(world.db.history.opened).toEqual([at(3)]);
  });

  test("R-READ-6: a whole history is read in steps without a gap, by the cursors alone", async () => {
    const world = await worldWith(30, 5);
    const seen: number[] = [];
    let after = at(1);
    for (let reads = 0; reads < 30; reads += 1) {
      const reading = world.read({ after, limit: 4 });
      await world.timers.settle();
      const { outcome } = reading;
      if (outcome?.kind !== "batch") throw new Error(`a read ended ${outcome?.kind}`);
      seen.push(...(ticksOf(outcome) ?? []));
      after = at(upTo(outcome) ?? 0);
      if (!outcome.more) break;
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
    expect(after).toEqual(world.db.at);
  });

  test("R-READ-6: one that sees nothing in the history goes on in the log", async () => {
    const world = await worldWith(10, 2);
    await world.insert("shipped");
    const reading = world.read({ after: at(1), statuses: ["shipped"] });
    await world.timers.settle();
    expect(ticksOf(reading.outcome)).toEqual([12]);
  });

  test("R-READ-6: it waits for a replay for 20 s at most", async () => {
    const world = await new RelayWorld({ logChanges: 2, replaySilenceMs: 60_000 }).open();
    for (let count = 0; count < 9; count += 1) await world.insert();
    world.db.history.gate = new Promise(() => undefined);
    const reading = world.read({ after: at(1), waitMs: 1_000 });
    await world.timers.pass(19_999);
    expect(reading.outcome).toBeNull();
    await world.timers.pass(1);
    expect(reading.outcome).toEqual({ kind: "unavailable" });
  });

  test("R-READ-7: one whose caller has gone leaves the replay", async () => {
    const world = await worldWith(9, 2);
    world.db.history.gate = new Promise(() => undefined);
    const gone = new AbortController();
    const reading = world.read({ after: at(1), waitMs: 1_000, signal: gone.signal });
    await world.timers.settle();
    gone.abort();
    await world.timers.settle();
    expect(reading.outcome).not.toBeNull();
    expect(world.relay.stats().waitingReads).toBe(0);
  });

  test("R-BOUND-6: reads of history are bounded", async () => {
    const world = await new RelayWorld({ logChanges: 2, replayReads: 1 }).open();
    for (let count = 0; count < 9; count += 1) await world.insert();
    world.db.history.gate = new Promise(() => undefined);
    world.read({ after: at(1), waitMs: 1_000 });
    const second = world.read({ after: at(1), waitMs: 1_000 });
    await world.timers.settle();
    expect(second.outcome).toEqual({ kind: "unavailable" });
  });
});

describe("what is lost", () => {
  test("R-RESET-1, R-RESET-2, R-RESET-3: is told with its reason and the cursor to go on from", async () => {
    const world = await worldWith(9, 2);
    world.db.historyFloor = world.db.databaseFloor = positionOf(3);
    for (const [after, reason] of [
      [at(99), "history-lost"],
      [{ generation: "zero", position: positionOf(1) }, "history-lost"],
      [at(1), "history-lost"],
    ] as const) {
      const reading = world.read({ after });
      await world.timers.settle();
      expect(reading.outcome).toMatchObject({ kind: "lost", reason });
      const { outcome } = reading;
      expect(outcome?.kind === "lost" && decodeCursor(outcome.cursor)).toEqual(at(10));
    }
    expect(world.told.filter((told) => told.startsWith("reset"))).toHaveLength(3);
  });

  test("R-RESET-6: a read that waits when the collection is gone is told at once", async () => {
    const world = await worldWith(9, 2);
    world.db.history.gate = new Promise(() => undefined);
    const waiting = world.read({ after: at(10), waitMs: 30_000 });
    const replayed = world.read({ after: at(1), waitMs: 30_000 });
    await world.timers.settle();
    await world.restart("collection-gone", "two");
    expect(waiting.outcome).toMatchObject({ kind: "lost", reason: "collection-gone" });
    expect(replayed.outcome).toMatchObject({ kind: "lost", reason: "collection-gone" });
  });
});
