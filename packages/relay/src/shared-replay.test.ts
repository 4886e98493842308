import type { CursorParts } from "@live-orders/store/cursor-parts";
import { describe, expect, test } from "vitest";
import { positionOf } from "./fakes/fake-database.ts";
import type { FakeSubscriber } from "./fakes/fake-subscriber.ts";
import { RelayWorld } from "./fakes/relay-world.ts";
import type { RelayLimits } from "./relay-limits.ts";

const at = (tick: number): CursorParts => ({ generation: "one", position: positionOf(tick) });

/** A relay whose log holds the last two of `changes` changes, at positions from 2 on. */
async function worldWithPast(changes: number, limits: Partial<RelayLimits> = {}): Promise<RelayWorld> {
  const world = await new RelayWorld({ logChanges: 2, ...limits }).open();
  for (let count = 0; count < changes; count += 1) await world.insert();
  return world;
}

/** Keeps the histories from going on until it is called. */
function hold(world: RelayWorld): () => void {
  let release = (): void => undefined;
  world.db.history.gate = world.db.database.gate = new Promise((resolve) => (release = resolve));
  return () => {
    world.db.history.gate = world.db.database.gate = null;
    release();
  };
}

const ticks = (reader: FakeSubscriber): number[] => reader.positions.map(Number);
const kinds = (reader: FakeSubscriber): string[] => reader.outcomes.map(({ kind }) => kind);

describe("the rungs", () => {
  test("R-LADDER-1: what the log reaches is not looked for elsewhere", async () => {
    const world = await worldWithPast(5);
    const reader = await world.watch(["pending"], at(4));
    expect(ticks(reader)).toEqual([5, 6]);
    expect(world.db.history.opened).toEqual([]);
    expect(world.told).toContain("replayed memory 2");
  });

  test("R-LADDER-1, R-LADDER-4: older places come from the first history, and from the log as soon as it reaches", async () => {
    const world = await worldWithPast(9);
    const reader = await world.watch(["pending"], at(1));
    expect(ticks(reader)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(world.db.history.opened).toEqual([at(1)]);
    expect(world.db.history.open).toBe(0);
    expect(world.told).toEqual(expect.arrayContaining(["replayed history 9", "replayed memory 0"]));
    expect(kinds(reader)).toEqual(["watching"]);
  });

  test("R-LADDER-1: a history that does not reach back leads to the next", async () => {
    const world = await worldWithPast(9);
    world.db.historyFloor = positionOf(3);
    const reader = await world.watch(["pending"], at(1));
    expect(ticks(reader)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(world.db.database.opened).toEqual([at(1)]);
  });

  test("R-LADDER-1: a history that is lost under way leads to the next, from the place that was reached", async () => {
    const world = await worldWithPast(9);
    let batches = 0;
    Object.defineProperty(world.db, "historyFloor", {
      get: () => ((batches += 1) > 1 ? positionOf(99) : ""),
    });
    const reader = await world.watch(["pending"], at(1));
    expect(world.db.database.opened).toEqual([at(4)]);
    expect(ticks(reader)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("R-RESET-3: what no rung reaches ends in a reset, and is live from the head", async () => {
    const world = await worldWithPast(9);
    world.db.historyFloor = world.db.databaseFloor = positionOf(3);
    const reader = await world.watch(["pending"], at(1));
    expect(reader.outcomes).toMatchObject([
      { kind: "watching", reset: "history-lost", position: positionOf(10) },
    ]);
    await world.insert();
    expect(ticks(reader)).toEqual([11]);
    expect(reader.resets).toEqual([]);
  });

  test("R-RESET-3: without any history the log is all there is", async () => {
    const world = await new RelayWorld({ logChanges: 2 }, []).open();
    for (let count = 0; count < 5; count += 1) await world.insert();
    const reader = await world.watch(["pending"], at(1));
    expect(reader.outcomes).toMatchObject([{ kind: "watching", reset: "history-lost" }]);
  });
});

describe("one stream for all", () => {
  test("R-LADDER-2: it is opened at the oldest place, and each reader joins at its own", async () => {
    const world = await worldWithPast(9);
    const release = hold(world);
    const readers = await Promise.all([5, 2, 3].map((tick) => world.watch(["pending"], at(tick))));
    release();
    await world.timers.settle();
    expect(world.db.history.opened).toEqual([at(2)]);
    expect(readers.map((reader) => ticks(reader)[0])).toEqual([6, 3, 4]);
    for (const reader of readers) expect(ticks(reader).at(-1)).toBe(10);
  });

  test("R-LADDER-2, R-LADDER-3: who comes with an older place waits for the next stream; who is newer rides along", async () => {
    const world = await worldWithPast(30);
    const release = hold(world);
    const first = await world.watch(["pending"], at(10));
    const older = await world.watch(["pending"], at(4));
    const newer = await world.watch(["pending"], at(20));
    expect(world.relay.stats()).toMatchObject({ behind: 3, replayStreams: 1 });
    release();
    await world.timers.settle();
    expect(world.db.history.opened).toEqual([at(10), at(4)]);
    expect(world.db.history.mostOpen).toBe(1);
    expect([first, older, newer].map((reader) => ticks(reader)[0])).toEqual([11, 5, 21]);
    for (const reader of [first, older, newer]) expect(kinds(reader)).toEqual(["watching"]);
  });

  test("R-LADDER-2: a batch is encoded once for all riders of a room", async () => {
    const world = await worldWithPast(9);
    const readers = [world.subscriber(), world.subscriber()];
    for (const reader of readers)
      world.relay.watch(reader, { statuses: ["pending"], after: at(1) }, reader.done);
    await world.timers.settle();
    expect(readers[0]?.batches.length).toBeGreaterThan(1);
    expect(readers[0]?.encoded[0]).toBe(readers[1]?.encoded[0]);
  });

  test("R-LADDER-4: the stream ends when its last reader leaves", async () => {
    const world = await worldWithPast(9);
    hold(world);
    const reader = await world.watch(["pending"], at(1));
    expect(world.db.history.open).toBe(1);
    world.relay.unwatch(reader);
    await world.timers.pass(10_000);
    expect(world.db.history.open).toBe(0);
  });

  test("R-LADDER-5: a slow reader does not hold the others up, and goes on from its own place when it has drained", async () => {
    const world = await worldWithPast(60, { backlogBytes: 2_000, lowWaterBytes: 500 });
    const slow = world.subscriber();
    slow.isStuck = true;
    await world.watch(["pending"], at(1), slow);
    const quick = await world.watch(["pending"], at(1));
    expect(kinds(quick)).toEqual(["watching"]);
    expect(kinds(slow)).toEqual([]);
    slow.isStuck = false;
    slow.drain();
    await world.timers.pass(20);
    expect(ticks(slow)).toEqual(ticks(quick));
    expect(kinds(slow)).toEqual(["watching"]);
  });

  test("R-LADDER-1, R-LADDER-7: what is lost for an older place is not lost for a newer one", async () => {
    const world = await worldWithPast(20);
    world.db.historyFloor = world.db.databaseFloor = positionOf(8);
    const readers = [1, 9, 3, 12].map((tick) => {
      const reader = world.subscriber();
      world.relay.watch(reader, { statuses: ["pending"], after: at(tick) }, reader.done);
      return reader;
    });
    await world.timers.settle();
    const resets = readers.map(({ outcomes }) => outcomes[0] !== undefined && "reset" in outcomes[0]);
    expect(resets).toEqual([true, false, true, false]);
    expect(readers.map((reader) => ticks(reader).length)).toEqual([0, 12, 0, 9]);
    expect(world.db.database.opened.map(({ position }) => position)).not.toContain(positionOf(9));
  });

  test("R-LADDER-7: many readers with nothing to go back to cost few streams", async () => {
    const world = await worldWithPast(600);
    world.db.historyFloor = world.db.databaseFloor = positionOf(500);
    const readers = [];
    for (let tick = 1; tick <= 400; tick += 1) {
      const reader = world.subscriber();
      readers.push(reader);
      world.relay.watch(reader, { statuses: ["pending"], after: at(tick) }, reader.done);
    }
    await world.timers.pass(1_000);
    for (const { outcomes } of readers) expect(outcomes).toMatchObject([{ reset: "history-lost" }]);
    const streams = world.db.history.opened.length + world.db.database.opened.length;
    expect(streams).toBeLessThanOrEqual(24);
  });
});

describe("a history that does not do its work", () => {
  test("R-LADDER-6: one that fails ends its readers with unavailable, and the next try waits", async () => {
    const world = await worldWithPast(9);
    world.db.history.failure = new Error("broken");
    const reader = await world.watch(["pending"], at(1));
    expect(kinds(reader)).toEqual(["unavailable"]);
    expect(reader.closed).toBe("unavailable");
    const next = await world.watch(["pending"], at(1));
    world.db.history.failure = null;
    await world.timers.pass(499);
    expect(world.db.history.opened).toHaveLength(1);
    await world.timers.pass(1);
    expect(world.db.history.opened).toHaveLength(2);
    expect(kinds(next)).toEqual(["watching"]);
    expect(world.faults).toEqual(["the rung history failed"]);
  });

  test("R-LADDER-6: one that is silent for 10 s is given up", async () => {
    const world = await worldWithPast(9);
    hold(world);
    const reader = await world.watch(["pending"], at(1));
    await world.timers.pass(10_000);
    expect(kinds(reader)).toEqual(["unavailable"]);
    expect(world.db.history.open).toBe(0);
    expect(world.relay.stats()).toMatchObject({ behind: 0, replayStreams: 0 });
  });

  test("R-BOUND-6: readers of the shared replay are bounded", async () => {
    const world = await worldWithPast(9, { replayReaders: 2 });
    hold(world);
    const readers = [];
    for (let count = 0; count < 3; count += 1) readers.push(await world.watch(["pending"], at(1)));
    expect(readers.map(kinds)).toEqual([[], [], ["unavailable"]]);
  });
});

test("R-RESET-4: a replay under way when the collection is gone ends, and nothing of it follows", async () => {
  const world = await worldWithPast(9);
  const release = hold(world);
  const reader = await world.watch(["pending"], at(1));
  await world.restart("collection-gone", "two");
  expect(reader.outcomes).toMatchObject([{ reset: "collection-gone" }]);
  expect(world.db.history.open).toBe(0);
  release();
  await world.timers.pass(1_000);
  expect(reader.positions).toEqual([]);
  expect(world.db.history.open).toBe(0);
});

test("R-MARK-3: an answered watcher on a long way through changes it does not see is told how far it is", async () => {
  const world = await worldWithPast(400, { backlogBytes: 2_000, lowWaterBytes: 500, logChanges: 5 });
  const reader = world.subscriber();
  reader.isStuck = true;
  await world.watch(["delivered"], undefined, reader);
  for (let count = 0; count < 250; count += 1) {
    world.db.commit(null, "delivered");
    await world.tell();
  }
  expect(world.told).toContain("evicted");
  for (let count = 0; count < 40; count += 1) world.db.commit(null, "pending");
  await world.tell();
  const release = hold(world);
  reader.isStuck = false;
  reader.drain();
  await world.timers.pass(5_000);
  const before = reader.batches.length;
  release();
  await world.timers.settle();
  const after = reader.batches.slice(before);
  expect(after.at(-1)?.position).toBe(world.db.position);
  expect(after.some(({ changes }) => changes.length === 0)).toBe(true);
});
