import type { CursorParts } from "@live-orders/store/cursor-parts";
import { describe, expect, test } from "vitest";
import { FakeDatabase, positionOf } from "./fakes/fake-database.ts";
import { RelayWorld } from "./fakes/relay-world.ts";

const at = (tick: number): CursorParts => ({ generation: "one", position: positionOf(tick) });
const LIMITS = { backlogBytes: 4_000, lowWaterBytes: 1_000, pageChanges: 4 };
/** The size of one change as JSON, in bytes. */
const CHANGE = Buffer.byteLength(JSON.stringify(new FakeDatabase().commit(null, "pending")));
/** The most that a busy feed passes on between two looks at the backlogs, in bytes. */
const BETWEEN_LOOKS = 64 * 1024;

async function insertMany(world: RelayWorld, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await world.insert();
}

describe("catching up from the log", () => {
  test("R-BOUND-2: in pages of a bounded size, the next when the network has taken most of it", async () => {
    const world = await new RelayWorld(LIMITS).open();
    await insertMany(world, 20);
    const reader = world.subscriber();
    reader.isStuck = true;
    await world.watch(["pending"], at(1), reader);
    expect(reader.batches.map(({ changes }) => changes.length)).toEqual([4]);
    await world.timers.pass(1_000);
    expect(reader.batches).toHaveLength(1);
    reader.drain();
    await world.timers.pass(20);
    expect(reader.batches).toHaveLength(2);
    reader.isStuck = false;
    reader.drain();
    await world.timers.pass(100);
    expect(reader.positions).toHaveLength(20);
    expect(reader.outcomes).toMatchObject([{ kind: "watching", replayed: 20 }]);
  });

  test("R-BOUND-2: a page holds no more bytes than it may", async () => {
    const world = await new RelayWorld({ pageBytes: 3 * CHANGE }).open();
    await insertMany(world, 20);
    const reader = await world.watch(["pending"], at(1));
    await world.timers.pass(100);
    expect(reader.positions).toHaveLength(20);
    for (const batch of reader.batches) expect(JSON.stringify(batch).length).toBeLessThan(4 * CHANGE);
  });

  test("R-ROOM-3: readers of one room that come back from the same place share their pages", async () => {
    const world = await new RelayWorld().open();
    await insertMany(world, 20);
    const [one, two] = [await world.watch(["pending"], at(3)), await world.watch(["pending"], at(3))];
    const [other] = [await world.watch(["pending", "shipped"], at(3))];
    expect(one.encoded[0]).toBe(two.encoded[0]);
    expect(other.encoded[0]).not.toBe(one.encoded[0]);
  });

  test("R-ORDER-1, R-ORDER-5: what comes while a reader catches up is not lost and not doubled", async () => {
    const world = await new RelayWorld(LIMITS).open();
    await insertMany(world, 10);
    const reader = world.subscriber();
    reader.isStuck = true;
    await world.watch(["pending"], at(1), reader);
    for (let count = 0; count < 10; count += 1) {
      await world.insert();
      reader.drain(500);
      await world.timers.pass(20);
    }
    reader.isStuck = false;
    reader.drain();
    await world.timers.pass(100);
    await world.insert();
    expect(reader.positions.map(Number)).toEqual(Array.from({ length: 21 }, (_, index) => index + 2));
  });
});

describe("a reader that does not keep up", () => {
  test("R-BOUND-3, R-ORDER-1: leaves its room, and goes on from its own place when it has drained", async () => {
    const world = await new RelayWorld(LIMITS).open();
    const slow = world.subscriber();
    const quick = await world.watch();
    slow.isStuck = true;
    await world.watch(["pending"], undefined, slow);
    await insertMany(world, 400);
    expect(slow.rooms.size).toBe(0);
    expect(quick.positions).toHaveLength(400);
    expect(slow.positions.length * CHANGE).toBeLessThan(LIMITS.backlogBytes + BETWEEN_LOOKS);
    expect(world.told).toContain("evicted");
    slow.isStuck = false;
    slow.drain();
    await world.timers.pass(1_000);
    await world.insert();
    expect(slow.rooms.size).toBe(1);
    expect(slow.positions).toEqual(quick.positions);
  });

  test("R-BOUND-3, R-RESET-3: is reset if its place is lost by the time it has drained", async () => {
    const world = await new RelayWorld({ ...LIMITS, logChanges: 5 }, []).open();
    const slow = world.subscriber();
    slow.isStuck = true;
    await world.watch(["pending"], undefined, slow);
    await insertMany(world, 400);
    slow.isStuck = false;
    slow.drain();
    await world.timers.pass(1_000);
    expect(slow.resets).toMatchObject([{ reason: "history-lost" }]);
    const before = slow.positions.length;
    await world.insert();
    expect(slow.positions.slice(before)).toEqual([world.db.position]);
  });

  test("R-BOUND-4: is closed if it has not drained within 30 s", async () => {
    const world = await new RelayWorld(LIMITS).open();
    await insertMany(world, 20);
    const reader = world.subscriber();
    reader.isStuck = true;
    await world.watch(["pending"], at(1), reader);
    await world.timers.pass(29_900);
    expect(reader.closed).toBeUndefined();
    await world.timers.pass(200);
    expect(reader.closed).toBe("slow");
    expect(reader.outcomes).toEqual([{ kind: "unavailable" }]);
    expect(world.relay.stats()).toMatchObject({ behind: 0, backlogBytes: 0 });
    expect(world.timers.size).toBe(0);
  });

  test("R-BOUND-5: all backlogs stay under their bound, and the largest goes first", async () => {
    const world = await new RelayWorld({ totalBacklogBytes: 40_000 }).open();
    const readers = [];
    for (let count = 0; count < 4; count += 1) {
      const reader = world.subscriber();
      reader.isStuck = true;
      await world.watch(["pending"], undefined, reader);
      readers.push(reader);
      await insertMany(world, 8);
    }
    for (let count = 0; count < 60; count += 1) {
      await world.insert();
      const waiting = readers.filter(({ closed }) => !closed).reduce((sum, it) => sum + it.backlogBytes(), 0);
      expect(waiting).toBeLessThanOrEqual(40_000);
    }
    expect(readers[0]?.closed).toBe("slow");
    expect(readers.at(-1)?.closed).toBeUndefined();
  });

  test("R-BOUND-5: catching up pauses while too much waits in all", async () => {
    const world = await new RelayWorld({ totalBacklogBytes: 20_000, pageChanges: 4 }).open();
    await insertMany(world, 200);
    const readers = [];
    for (let count = 0; count < 30; count += 1) {
      const reader = world.subscriber();
      reader.isStuck = true;
      await world.watch(["pending"], at(1), reader);
      readers.push(reader);
    }
    await world.timers.pass(5_000);
    const waiting = readers.reduce((sum, reader) => sum + reader.backlogBytes(), 0);
    expect(waiting).toBeLessThanOrEqual(20_000);
    for (const reader of readers) {
      reader.isStuck = false;
      reader.drain();
    }
    await world.timers.pass(2_000);
    for (const reader of readers) expect(reader.positions).toHaveLength(200);
  });

  test("R-MARK-3: one that comes back having seen nothing on the way is told how far it is", async () => {
    const world = await new RelayWorld(LIMITS).open();
    const other = await world.watch();
    const slow = world.subscriber();
    slow.isStuck = true;
    await world.watch(["pending"], undefined, slow);
    await insertMany(world, 300);
    expect(slow.rooms.size).toBe(0);
    world.db.commit(null, "delivered");
    await world.tell();
    await world.timers.pass(5_000);
    expect(other.batches.at(-1)).toMatchObject({ changes: [], position: world.db.position });
    slow.isStuck = false;
    slow.drain();
    await world.timers.pass(1_000);
    expect(slow.batches.at(-1)?.position).toBe(world.db.position);
  });
});
