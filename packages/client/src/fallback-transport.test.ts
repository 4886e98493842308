import type { WatchAck } from "@live-orders/protocol/socket-events";
import { beforeEach, describe, expect, it } from "vitest";
import { fallbackTransport } from "./fallback-transport.ts";
import { ManualClock, settlePromises } from "./fake/manual-clock.ts";
import { ScriptedTransport } from "./fake/scripted-transport.ts";
import type { FeedConnection, FeedTransport } from "./feed-transport.ts";

const ACK: WatchAck = { ok: true, position: "p1", cursor: "c1", replayed: 0 };
const WATCH = { statuses: ["pending" as const], after: "c0" };
const MINUTE = 60_000;

let clock: ManualClock;
let first: ScriptedTransport;
let second: ScriptedTransport;
let ladder: FeedTransport;
let used: string[];
let told: string[];

beforeEach(() => {
  clock = new ManualClock();
  first = new ScriptedTransport("first");
  second = new ScriptedTransport("second");
  used = [];
  told = [];
  ladder = fallbackTransport([first, second], { clock, onUse: (name) => used.push(name) });
});

const silent = {
  opened: () => undefined,
  changes: () => undefined,
  counts: () => undefined,
  reset: () => undefined,
  feed: () => undefined,
  lost: () => undefined,
};

/** A connection whose watch is asked for as soon as it is open. */
function open(): FeedConnection {
  const connection = ladder.open({
    opened: () => {
      told.push("opened");
      connection.watch(WATCH, () => told.push("watching"));
    },
    changes: () => told.push("changes"),
    counts: () => undefined,
    reset: () => undefined,
    feed: () => undefined,
    lost: (cause) => told.push(`lost: ${cause}`),
  });
  return connection;
}

const answer = (transport: ScriptedTransport) => transport.last.watches.at(-1)?.done(ACK);

describe("a way that does not work", () => {
  it("C-FALL-1: gives way to the next before it is open, and only the last one's loss is told", async () => {
    open();
    first.last.events.lost("no WebSocket");
    second.last.events.opened();
    answer(second);
    expect([told, used]).toEqual([["opened", "watching"], ["second"]]);
    ladder = fallbackTransport([first, second], { clock });
    told = [];
    open();
    first.last.events.lost("no WebSocket");
    second.last.events.lost("no stream");
    await settlePromises();
    expect(told).toEqual(["lost: second: no stream"]);
  });

  it("C-FALL-2: that opens but answers no watch gives way too, and the next is asked for the same", () => {
    open();
    first.last.events.opened();
    first.last.events.lost("held back by a proxy");
    second.last.events.opened();
    expect(second.last.watches[0]?.watch).toEqual(WATCH);
    answer(second);
    expect(told).toEqual(["opened", "watching"]);
  });

  it("C-FALL-2: a watch that is asked for while the next one opens is asked for once", () => {
    const connection = ladder.open({ ...silent, opened: () => told.push("opened") });
    first.last.events.opened();
    first.last.events.lost("held back by a proxy");
    connection.watch(WATCH, () => told.push("watching"));
    second.last.events.opened();
    expect(second.last.watches.length).toBe(1);
    answer(second);
    expect(told).toEqual(["opened", "watching"]);
  });

  it("C-FALL-2: once a watch was answered, its loss is the connection's", () => {
    open();
    first.last.events.opened();
    answer(first);
    first.last.events.lost("the server is away");
    expect([told.at(-1), second.connections.length]).toEqual(["lost: the server is away", 0]);
  });

  it("is not taken up after the connection was closed", () => {
    const connection = open();
    connection.close();
    first.last.events.lost("late");
    expect([first.last.isClosed, second.connections.length]).toEqual([true, 0]);
  });
});

describe("the way that worked last", () => {
  beforeEach(() => {
    open();
    first.last.events.lost("no WebSocket");
    second.last.events.opened();
    answer(second);
  });

  it("C-FALL-3: is tried first by the next connection, then the others in order", () => {
    second.last.events.lost("the server is away");
    open();
    expect([first.connections.length, second.connections.length]).toEqual([1, 2]);
    second.last.events.lost("still away");
    first.last.events.opened();
    answer(first);
    expect(used).toEqual(["second", "first"]);
  });

  it("C-FALL-4: is left for a better one when that answers a watch again", () => {
    clock.pass(5 * MINUTE);
    first.last.events.lost("still no WebSocket");
    expect(told.at(-1)).toBe("watching");
    clock.pass(5 * MINUTE);
    first.last.events.opened();
    expect(told.at(-1)).toBe("watching");
    answer(first);
    expect([told.at(-1), first.last.isClosed, second.last.isClosed]).toEqual([
      "lost: first works again",
      true,
      true,
    ]);
    open();
    first.last.events.opened();
    answer(first);
    expect(used).toEqual(["second", "first"]);
  });

  it("C-FALL-4: a better one that does not answer in time is looked at again later", () => {
    clock.pass(5 * MINUTE);
    expect(first.connections.length).toBe(2);
    clock.pass(MINUTE);
    expect(first.last.isClosed).toBe(true);
    clock.pass(5 * MINUTE);
    expect(first.connections.length).toBe(3);
  });

  it("C-FALL-4: nothing is looked at after the connection was lost", () => {
    second.last.events.lost("the server is away");
    expect(clock.waits()).toEqual([]);
  });
});
