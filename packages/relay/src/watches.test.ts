import { decodeCursor } from "@live-orders/store/cursor-parts";
import { describe, expect, test } from "vitest";
import { positionOf } from "./fakes/fake-database.ts";
import { RelayWorld } from "./fakes/relay-world.ts";

const outcomeKinds = (reader: { outcomes: readonly { kind: string }[] }): string[] =>
  reader.outcomes.map(({ kind }) => kind);

describe("watching without a cursor", () => {
  test("R-WATCH-1: begins at the database's clock, even if this node lags behind it", async () => {
    const world = await new RelayWorld().open();
    world.db.commit(null, "pending");
    const reader = await world.watch();
    const { position } = world.db;
    expect(reader.outcomes).toMatchObject([{ kind: "watching", position, replayed: 0 }]);
    await world.tell();
    expect(reader.positions).toEqual([]);
    await world.insert();
    expect(reader.positions).toEqual([world.db.position]);
  });

  test("R-WATCH-1: its cursor is one to come back with", async () => {
    const world = await new RelayWorld().open();
    const reader = await world.watch();
    const [outcome] = reader.outcomes;
    expect(outcome?.kind === "watching" && decodeCursor(outcome.cursor)).toEqual(world.db.at);
  });

  test("R-WATCH-1: is answered at once, even if its network has much to take first", async () => {
    const world = await new RelayWorld({ lowWaterBytes: 100 }).open();
    const after = world.db.at;
    await world.insert();
    const reader = world.subscriber();
    reader.isStuck = true;
    await world.watch(["pending"], after, reader);
    await world.watch(["shipped"], undefined, reader);
    expect(reader.outcomes.at(-1)).toMatchObject({
      kind: "watching",
      position: world.db.position,
      replayed: 0,
    });
    await world.insert("shipped");
    reader.drain();
    await world.timers.pass(100);
    expect(reader.batches.at(-1)?.position).toBe(world.db.position);
  });

  test("R-WATCH-6: is unavailable while the database is away", async () => {
    const world = await new RelayWorld().open();
    world.db.isAway = true;
    const reader = await world.watch();
    expect(outcomeKinds(reader)).toEqual(["unavailable"]);
    expect(reader.rooms.size).toBe(0);
  });

  test("R-WATCH-6: is unavailable if the source does not open in time", async () => {
    const world = new RelayWorld();
    world.relay.start();
    const reader = await world.watch();
    expect(reader.outcomes).toEqual([]);
    await world.timers.pass(4_000);
    expect(outcomeKinds(reader)).toEqual(["unavailable"]);
  });
});

describe("watching with a cursor", () => {
  test("R-WATCH-2, R-ORDER-1, R-WATCH-7: what was missed comes first, then the outcome, then what is live", async () => {
    const world = await new RelayWorld().open();
    const after = world.db.at;
    await world.insert();
    await world.insert("shipped");
    await world.insert();
    const reader = await world.watch(["pending"], after);
    await world.insert();
    expect(reader.handed.map(({ kind }) => kind)).toEqual(["batch", "outcome", "batch"]);
    expect(reader.positions).toEqual([2, 4, 5].map(positionOf));
    expect(reader.outcomes).toMatchObject([{ position: positionOf(4), replayed: 2 }]);
  });

  test("R-WATCH-2: the outcome waits for what was committed before the watch and is not told yet", async () => {
    const world = await new RelayWorld().open();
    const after = world.db.at;
    const change = world.db.commit(null, "pending");
    const reader = await world.watch(["pending"], after);
    expect(reader.outcomes).toEqual([]);
    await world.tell();
    expect(reader.positions).toEqual([change.position]);
    expect(reader.handed.map(({ kind }) => kind)).toEqual(["batch", "outcome"]);
    expect(reader.outcomes).toMatchObject([{ position: change.position }]);
  });

  test("R-WATCH-2: that wait ends after 2 s", async () => {
    const world = await new RelayWorld().open();
    world.db.commit(null, "pending");
    const reader = await world.watch(["pending"], { generation: "one", position: positionOf(1) });
    await world.timers.pass(1_999);
    expect(reader.outcomes).toEqual([]);
    await world.timers.pass(1);
    expect(reader.outcomes).toMatchObject([{ kind: "watching", position: positionOf(1) }]);
    await world.tell();
    expect(reader.positions).toEqual([world.db.position]);
  });

  test("R-WATCH-6: a database that is away does not keep a reader from what is in RAM", async () => {
    const world = await new RelayWorld().open();
    const after = world.db.at;
    await world.insert();
    world.db.isAway = true;
    const reader = await world.watch(["pending"], after);
    expect(reader.outcomes).toMatchObject([{ kind: "watching", position: world.db.position, replayed: 1 }]);
  });

  test("R-WATCH-6: a clock that hangs keeps the outcome back for 2 s, not what is in RAM", async () => {
    const world = await new RelayWorld().open();
    const after = world.db.at;
    await world.insert();
    world.db.clockGate = new Promise(() => undefined);
    const reader = await world.watch(["pending"], after);
    expect(reader.positions).toHaveLength(1);
    await world.timers.pass(2_000);
    expect(outcomeKinds(reader)).toEqual(["watching"]);
  });

  test("R-WATCH-5, R-ORDER-2, R-ORDER-3: on a node that lags nothing at or before the cursor is sent", async () => {
    const world = await new RelayWorld().open();
    world.db.commit(null, "pending");
    const after = world.db.at;
    const next = world.db.commit(null, "pending");
    const reader = await world.watch(["pending"], after);
    world.db.tell(positionOf(2));
    await world.timers.settle();
    expect(reader.handed).toEqual([]);
    await world.tell();
    expect(reader.positions).toEqual([next.position]);
    expect(reader.outcomes).toMatchObject([{ position: next.position, replayed: 1 }]);
  });

  test("R-WATCH-5, R-ORDER-3: a node that lags for long answers with the reader's own cursor, and is right later", async () => {
    const world = await new RelayWorld().open();
    world.db.commit(null, "pending");
    const after = world.db.at;
    const reader = await world.watch(["pending"], after);
    await world.timers.pass(2_000);
    expect(reader.outcomes).toMatchObject([{ kind: "watching", position: after.position }]);
    const next = world.db.commit(null, "pending");
    await world.tell();
    await world.insert();
    expect(reader.positions).toEqual([next.position, world.db.position]);
  });

  test("R-RESET-1: a cursor past the database's clock ends in history-lost, and is live from the head", async () => {
    const world = await new RelayWorld().open();
    const reader = await world.watch(["pending"], { generation: "one", position: positionOf(99) });
    expect(reader.outcomes).toMatchObject([
      { kind: "watching", reset: "history-lost", position: positionOf(1) },
    ]);
    await world.insert();
    expect(reader.positions).toEqual([positionOf(2)]);
    expect(world.told).toContain("reset history-lost");
  });

  test("R-WATCH-6: a cursor past the head is unavailable without a clock to judge it by", async () => {
    const world = await new RelayWorld().open();
    world.db.isAway = true;
    const reader = await world.watch(["pending"], { generation: "one", position: positionOf(99) });
    expect(outcomeKinds(reader)).toEqual(["unavailable"]);
  });

  test("R-RESET-2: a cursor of another generation ends in history-lost", async () => {
    const world = await new RelayWorld().open();
    const reader = await world.watch(["pending"], { generation: "zero", position: positionOf(1) });
    expect(reader.outcomes).toMatchObject([{ kind: "watching", reset: "history-lost" }]);
  });

  test("R-RESET-2, R-RESET-5: a cursor of the generation that the source is about to turn to is kept", async () => {
    const world = await new RelayWorld().open();
    world.db.restart("collection-gone", "two");
    world.db.commit(null, "pending");
    const after = world.db.at;
    const reader = world.subscriber();
    world.relay.watch(reader, { statuses: ["pending"], after }, reader.done);
    await world.timers.settle();
    await world.insert();
    expect(reader.resets).toEqual([]);
    expect(reader.positions).toEqual([world.db.position]);
    const [outcome] = reader.outcomes;
    expect(outcome).toMatchObject({ kind: "watching" });
    expect(outcome).not.toHaveProperty("reset");
  });
});

describe("one watch after the other", () => {
  test("R-WATCH-3: a later watch takes the former one's place, under way or live", async () => {
    const world = await new RelayWorld().open();
    const reader = world.subscriber();
    const second = world.subscriber();
    world.relay.watch(reader, { statuses: ["pending"] }, reader.done);
    world.relay.watch(reader, { statuses: ["shipped"] }, second.done);
    expect(outcomeKinds(reader)).toEqual(["replaced"]);
    await world.timers.settle();
    expect([...reader.rooms]).toEqual(["status:shipped"]);
    await world.watch(["delivered"], undefined, reader);
    expect([...reader.rooms]).toEqual(["status:delivered"]);
    expect(outcomeKinds(second)).toEqual(["watching"]);
  });

  test("R-WATCH-3: nothing follows an unwatch, whatever the watch was waiting for", async () => {
    const world = await new RelayWorld({ logChanges: 1 }).open();
    const past = world.db.at;
    await world.insert();
    await world.insert();
    world.db.commit(null, "pending");
    for (const after of [undefined, past, world.db.at, { generation: "zero", position: positionOf(1) }]) {
      const reader = world.subscriber();
      world.relay.watch(reader, { statuses: ["pending"], ...(after && { after }) }, reader.done);
      world.relay.unwatch(reader);
      expect(reader.handed).toMatchObject([{ kind: "outcome", outcome: { kind: "replaced" } }]);
      await world.timers.pass(60_000);
      expect(reader.handed).toHaveLength(1);
      expect(reader.rooms.size).toBe(0);
    }
    await world.tell();
    expect(world.relay.stats()).toMatchObject({ behind: 0, rooms: [], replayStreams: 0 });
  });

  test("R-WATCH-3: an unwatch of a live reader ends it without an outcome, and one of a stranger does no harm", async () => {
    const world = await new RelayWorld().open();
    const reader = await world.watch();
    world.relay.unwatch(reader);
    world.relay.unwatch(reader);
    world.relay.unwatch(world.subscriber());
    await world.insert();
    expect(outcomeKinds(reader)).toEqual(["watching"]);
    expect(reader.batches).toEqual([]);
  });

  test("R-WATCH-4: no outcome is given from within the call of watch", async () => {
    const world = await new RelayWorld().open();
    const reader = world.subscriber();
    world.relay.watch(reader, { statuses: ["pending"], after: world.db.at }, reader.done);
    expect(reader.handed).toEqual([]);
    await world.timers.settle();
    expect(outcomeKinds(reader)).toEqual(["watching"]);
    await world.relay.stop();
    const late = world.subscriber();
    world.relay.watch(late, { statuses: ["pending"] }, late.done);
    expect(late.handed).toEqual([]);
    await world.timers.settle();
    expect(outcomeKinds(late)).toEqual(["unavailable"]);
  });
});

describe("a source that starts afresh", () => {
  test.each(["history-lost", "collection-gone"] as const)(
    "R-RESET-4: %s: each live reader is told once, and goes on from the cursor it was told",
    async (reason) => {
      const world = await new RelayWorld().open();
      const readers = [await world.watch(), await world.watch(["shipped"])];
      await world.insert();
      await world.restart(reason, reason === "collection-gone" ? "two" : "one");
      const at = world.db.at;
      await world.insert();
      for (const reader of readers) {
        expect(reader.resets.map(({ cursor }) => decodeCursor(cursor))).toEqual([at]);
        expect(reader.resets[0]?.reason).toBe(reason);
      }
      expect(readers[0]?.positions).toEqual([positionOf(2), world.db.position]);
      expect(world.told.filter((told) => told === `reset ${reason}`)).toHaveLength(2);
    },
  );

  test("R-RESET-4: a watch under way has the outcome reset, once, and is live", async () => {
    const world = await new RelayWorld().open();
    world.db.commit(null, "pending");
    const reader = await world.watch(["pending"], { generation: "one", position: positionOf(1) });
    expect(reader.outcomes).toEqual([]);
    await world.restart("history-lost");
    expect(reader.outcomes).toMatchObject([
      { kind: "watching", reset: "history-lost", position: world.db.position },
    ]);
    await world.timers.pass(10_000);
    await world.insert();
    expect(reader.outcomes).toHaveLength(1);
    expect(reader.resets).toEqual([]);
    expect(reader.positions).toEqual([world.db.position]);
  });

  test("R-RESET-4: a watch that waits for the old clock is judged by the new feed", async () => {
    const world = await new RelayWorld().open();
    let release = (): void => undefined;
    world.db.clockGate = new Promise((resolve) => (release = resolve));
    const reader = await world.watch(["pending"]);
    await world.restart("collection-gone", "two");
    release();
    await world.timers.settle();
    expect(reader.outcomes).toMatchObject([{ kind: "watching", position: world.db.position }]);
  });

  test("R-RESET-4: a reader that drains is told at once, and nothing from before follows", async () => {
    const world = await new RelayWorld({ lowWaterBytes: 100, pageChanges: 1 }).open();
    const after = world.db.at;
    await world.insert();
    await world.insert();
    const reader = world.subscriber();
    reader.isStuck = true;
    await world.watch(["pending"], after, reader);
    expect(reader.positions).toHaveLength(1);
    await world.restart("history-lost");
    expect(reader.outcomes).toMatchObject([{ reset: "history-lost", position: world.db.position }]);
    await world.restart("history-lost");
    expect(reader.resets).toHaveLength(1);
    reader.drain();
    await world.timers.pass(1_000);
    expect(reader.positions).toHaveLength(1);
  });

  test("R-RESET-5: a watcher whose place is past the new start is told nothing", async () => {
    const world = await new RelayWorld().open();
    world.db.commit(null, "pending");
    world.db.commit(null, "pending");
    const reader = await world.watch(["pending"], world.db.at);
    world.db.source.give({
      kind: "reset",
      reason: "history-lost",
      at: { generation: "one", position: positionOf(2) },
    });
    await world.timers.settle();
    await world.insert();
    expect(reader.resets).toEqual([]);
    expect(reader.outcomes).toMatchObject([{ kind: "watching", position: world.db.position }]);
    expect(reader.outcomes[0]).not.toHaveProperty("reset");
    expect(reader.positions).toEqual([world.db.position]);
  });
});

describe("a subscriber that breaks its rules", () => {
  test("R-WATCH-8: one that throws is closed and forgotten", async () => {
    const world = await new RelayWorld().open();
    const after = world.db.at;
    await world.insert();
    const reader = world.subscriber();
    reader.failure = new Error("broken");
    await world.watch(["pending"], after, reader);
    expect(outcomeKinds(reader)).toEqual(["unavailable"]);
    expect(reader.closed).toBe("unavailable");
    expect(world.relay.stats().rooms).toEqual([]);
    expect(world.faults).toEqual(["a subscriber failed"]);
  });

  test("R-WATCH-8: one whose answer throws harms nobody", async () => {
    const world = await new RelayWorld().open();
    const reader = world.subscriber();
    world.relay.watch(reader, { statuses: ["pending"] }, () => {
      throw new Error("broken");
    });
    await world.timers.settle();
    await world.insert();
    expect(reader.positions).toHaveLength(1);
    expect(world.faults).toEqual(["the answer to a watch failed"]);
  });

  test("R-WATCH-3: one that unwatches from within its answer is out", async () => {
    const world = await new RelayWorld().open();
    const reader = world.subscriber();
    world.relay.watch(reader, { statuses: ["pending"], after: { generation: "zero", position: "1" } }, () => {
      world.relay.unwatch(reader);
    });
    await world.timers.settle();
    await world.insert();
    expect(reader.batches).toEqual([]);
    expect(reader.rooms.size).toBe(0);
  });
});

test("R-STOP-1: stop answers and closes everybody, and leaves no timer", async () => {
  const world = await new RelayWorld({ logChanges: 1 }).open();
  const past = world.db.at;
  await world.insert();
  await world.insert();
  const live = await world.watch();
  world.db.history.gate = new Promise(() => undefined);
  const replaying = await world.watch(["pending"], past);
  const waiting = world.read({ after: world.db.at, waitMs: 30_000 });
  const replayed = world.read({ after: past });
  await world.timers.settle();
  await world.relay.stop();
  await world.timers.settle();
  expect(live.closed).toBe("shutdown");
  expect(replaying.closed).toBe("shutdown");
  expect(outcomeKinds(replaying)).toEqual(["unavailable"]);
  expect(waiting.outcome).toEqual({ kind: "unavailable" });
  expect(replayed.outcome).toEqual({ kind: "unavailable" });
  await world.timers.pass(1_000);
  expect(world.timers.size).toBe(0);
  expect(world.relay.stats()).toMatchObject({ rooms: [], behind: 0, waitingReads: 0, replayStreams: 0 });
});
