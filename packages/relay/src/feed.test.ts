import { describe, expect, test } from "vitest";
import { positionOf } from "./fakes/fake-database.ts";
import { RelayWorld } from "./fakes/relay-world.ts";

describe("what the source gives", () => {
  test("R-ORDER-4: a change out of order is left out and reported, and the next arrives", async () => {
    const world = await new RelayWorld().open();
    const reader = await world.watch();
    await world.insert();
    await world.insert();
    const next = world.db.commit(null, "pending");
    world.db.source.give({
      kind: "batch",
      changes: [...world.db.changes.slice(1), next],
      position: next.position,
    });
    await world.timers.settle();
    expect(reader.positions).toEqual(world.db.changes.map(({ position }) => position));
    expect(world.faults).toEqual(["the change source gave changes out of order"]);
  });

  test("R-ORDER-3: a position that falls does not move the head back", async () => {
    const world = await new RelayWorld().open();
    await world.insert();
    world.db.source.give({ kind: "batch", changes: [], position: positionOf(1) });
    await world.timers.settle();
    expect(world.relay.head).toEqual(world.db.at);
  });

  test("R-RESET-4: one that opens a second time has started afresh", async () => {
    const world = await new RelayWorld().open();
    const reader = await world.watch();
    world.db.tick();
    world.db.open();
    await world.timers.settle();
    expect(reader.resets).toMatchObject([{ reason: "history-lost" }]);
  });
});

describe("the source", () => {
  test("R-SOURCE-1: is read once, whoever comes, goes, waits, is caught up or told to start afresh", async () => {
    const world = await new RelayWorld({ logChanges: 2 }).open();
    const before = world.db.at;
    const readers = await Promise.all([world.watch(), world.watch(["shipped"]), world.watch()]);
    for (let insert = 0; insert < 5; insert += 1) await world.insert();
    world.relay.unwatch(readers[0]);
    await world.watch(["pending"], before);
    world.read({ after: before, waitMs: 1_000 });
    await world.restart("collection-gone", "two");
    await world.timers.pass(2_000);
    expect(world.told).toContain("opened history");
    expect([world.db.source.begun, world.db.source.open]).toEqual([1, 1]);
    await world.relay.stop();
    await world.timers.settle();
    expect(world.db.source.open).toBe(0);
  });

  test("R-SOURCE-5: the same events at the same times have the same outcome", async () => {
    const outcome = async () => {
      const world = await new RelayWorld({ logChanges: 2 }).open();
      const [before, reader] = [world.db.at, await world.watch()];
      for (let insert = 0; insert < 5; insert += 1) await world.insert();
      const late = await world.watch(["pending"], before);
      await world.timers.pass(10_000);
      return { told: world.told, sent: [reader.positions, late.positions], outcomes: late.outcomes };
    };
    expect(await outcome()).toEqual(await outcome());
  });
});

describe("the log in RAM", () => {
  test("R-LOG-1: tells the newest change", async () => {
    const world = await new RelayWorld().open();
    expect(world.relay.newestChange).toBeNull();
    await world.insert();
    await world.insert();
    expect(world.relay.newestChange).toBe(world.db.changes[1]?.position);
  });

  test("R-LOG-2: tells how far no change follows a position that it reaches", async () => {
    const world = new RelayWorld({ logChanges: 2 });
    const { relay, db } = world;
    expect(relay.unchangedSince(db.at.position)).toBeNull();
    await world.open();
    const start = db.at.position;
    db.tick();
    await world.tell();
    expect(relay.unchangedSince(start)).toBe(db.at.position);
    for (let insert = 0; insert < 3; insert += 1) await world.insert();
    const newest = db.at.position;
    db.tick();
    await world.tell();
    expect(relay.unchangedSince(start)).toBeNull();
    expect(relay.unchangedSince(db.changes[1]?.position ?? "")).toBeNull();
    expect(relay.unchangedSince(newest)).toBe(db.at.position);
    expect(relay.unchangedSince(positionOf(1_000))).toBeNull();
  });
});

describe("health", () => {
  test("R-HEALTH-1: starting until the source has opened, and why", async () => {
    const world = new RelayWorld();
    world.relay.start();
    expect(world.relay.health()).toEqual({ kind: "starting", forMs: 0 });
    world.db.source.give({ kind: "down", cause: "denied", detail: "no rights", retryInMs: 1_000 });
    await world.timers.pass(3_000);
    expect(world.relay.health()).toEqual({
      kind: "starting",
      forMs: 3_000,
      cause: "denied",
      detail: "no rights",
    });
    expect(world.relay.head).toBeNull();
    expect(world.told).toContain("source down denied");
  });

  test("R-HEALTH-1: live while signs of life come, whether orders are written or not", async () => {
    const world = await new RelayWorld().open();
    for (let second = 0; second < 30; second += 1) {
      await world.timers.pass(1_000);
      await world.tell();
      expect(world.relay.health()).toEqual({ kind: "live", head: world.db.at });
    }
  });

  test("R-HEALTH-1: stale after 4 s without one, with what the source said; live again with the next", async () => {
    const world = await new RelayWorld().open();
    world.db.source.give({ kind: "down", cause: "resumable", detail: "gone", retryInMs: 100 });
    await world.timers.pass(3_999);
    expect(world.relay.health().kind).toBe("live");
    await world.timers.pass(1);
    expect(world.relay.health()).toEqual({ kind: "stale", forMs: 4_000, cause: "resumable", detail: "gone" });
    await world.tell();
    expect(world.relay.health().kind).toBe("live");
  });

  test.each(["throws", "ends"])(
    "R-HEALTH-2: a source that %s is reported, and the feed goes stale",
    async (how) => {
      const world = await new RelayWorld().open();
      if (how === "throws") world.db.source.fail(new Error("broken"));
      else world.db.source.end();
      await world.timers.pass(4_000);
      expect(world.faults).toEqual(["the change source failed"]);
      expect(world.relay.health()).toMatchObject({ kind: "stale", cause: "silent" });
    },
  );
});
