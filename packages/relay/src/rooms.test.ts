import { describe, expect, test } from "vitest";
import { RelayWorld } from "./fakes/relay-world.ts";

describe("live", () => {
  test("R-ROOM-1: a batch is one message to each room that sees it, the same object for every outlet", async () => {
    const world = await new RelayWorld().open();
    const readers = [
      await world.watch(["pending"]),
      await world.watch(["pending"]),
      await world.watch(["pending"], undefined, world.subscriber(world.streams)),
    ];
    await world.watch(["delivered"]);
    world.db.commit(null, "pending");
    world.db.commit("pending", "shipped");
    await world.tell();
    expect(world.sockets.broadcasts).toHaveLength(1);
    expect(world.streams.broadcasts).toHaveLength(1);
    expect(world.streams.broadcasts[0]?.batch).toBe(world.sockets.broadcasts[0]?.batch);
    for (const reader of readers) expect(reader.batches).toHaveLength(1);
    expect(world.told).toContain("emitted 2");
  });

  test("R-ROOM-2: a room sees orders arrive and leave, and changes without their images", async () => {
    const world = await new RelayWorld().open();
    const pending = await world.watch(["pending"]);
    const others = await world.watch(["shipped", "delivered"]);
    const arrives = world.db.commit(null, "pending");
    const leaves = world.db.commit("pending", "shipped");
    const moves = world.db.commit("shipped", "delivered");
    const bare = world.db.commit("delivered", "shipped", { before: null });
    const goes = world.db.commit("shipped", null);
    await world.tell();
    const seen = (...changes: { position: string }[]): string[] => changes.map(({ position }) => position);
    expect(pending.positions).toEqual(seen(arrives, leaves, bare));
    expect(others.positions).toEqual(seen(leaves, moves, bare, goes));
  });

  test("R-ROOM-3: a room without members is not broadcast to, and JSON is made of each change once", async () => {
    const world = await new RelayWorld().open();
    const gone = await world.watch(["shipped"]);
    world.relay.unwatch(gone);
    await world.watch(["pending"]);
    await world.watch(["pending", "shipped"]);
    let encodings = 0;
    Object.assign(world.db.commit(null, "pending"), { toJSON: () => `made ${(encodings += 1)}` });
    await world.tell();
    expect(world.sockets.broadcasts.map(({ room }) => room)).toEqual([
      "status:pending",
      "status:pending+shipped",
    ]);
    const texts = world.sockets.broadcasts.map(({ batch }) => batch.json);
    expect(encodings).toBe(1);
    expect(texts[0]).toBe(texts[1]);
  });

  test("R-ROOM-4: a large batch reaches the rooms in runs, with a turn for the networks between", async () => {
    const world = await new RelayWorld({ pageChanges: 10 }).open();
    const reader = await world.watch(["pending"]);
    for (let count = 0; count < 25; count += 1) world.db.commit(null, "pending");
    await world.tell();
    expect(reader.batches.map(({ changes }) => changes.length)).toEqual([10, 10, 5]);
    expect(reader.batches.at(-1)?.position).toBe(world.db.position);
    for (const { changes, position } of reader.batches) expect(position).toBe(changes.at(-1)?.position);
  });

  test("R-WATCH-8: an outlet that throws harms no other", async () => {
    const world = await new RelayWorld().open();
    await world.watch(["pending"]);
    const other = await world.watch(["pending"], undefined, world.subscriber(world.streams));
    world.sockets.failure = new Error("broken");
    await world.insert();
    await world.insert();
    expect(other.positions).toHaveLength(2);
    expect(world.faults).toHaveLength(2);
  });
});

describe("progress marks", () => {
  test("R-MARK-1: a room that sees nothing is told how far the feed is, within 4 s", async () => {
    const world = await new RelayWorld().open();
    const quiet = await world.watch(["delivered"]);
    await world.insert();
    await world.timers.pass(3_999);
    expect(quiet.batches).toEqual([]);
    await world.timers.pass(1);
    expect(quiet.batches).toMatchObject([{ changes: [], position: world.db.position }]);
  });

  test("R-MARK-1: a busy feed marks a quiet room every 4 s, and a busy room not at all", async () => {
    const world = await new RelayWorld().open();
    const quiet = await world.watch(["delivered"]);
    const busy = await world.watch(["pending"]);
    for (let second = 0; second < 40; second += 1) {
      await world.insert();
      await world.timers.pass(1_000);
    }
    expect(quiet.batches.length).toBeGreaterThanOrEqual(8);
    expect(quiet.batches.length).toBeLessThanOrEqual(10);
    expect(busy.batches.every(({ changes }) => changes.length === 1)).toBe(true);
  });

  test("R-MARK-1: a progress mark of the source moves the readers' positions, too", async () => {
    const world = await new RelayWorld().open();
    const reader = await world.watch();
    world.db.tick();
    await world.tell();
    await world.timers.pass(4_000);
    expect(reader.batches).toMatchObject([{ changes: [], position: world.db.position }]);
  });

  test("R-MARK-2, R-BOUND-8: while the head stands nothing is sent and no timer is set", async () => {
    const world = await new RelayWorld().open();
    const reader = await world.watch();
    for (let second = 0; second < 60; second += 1) {
      await world.tell();
      await world.timers.pass(1_000);
    }
    expect(reader.batches).toEqual([]);
    expect(world.timers.size).toBe(0);
  });
});
