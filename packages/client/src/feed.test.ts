import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import { problem } from "@live-orders/protocol/problem";
import type { WatchAck } from "@live-orders/protocol/socket-events";
import { describe, expect, it } from "vitest";
import type { ApiResult } from "./api-error.ts";
import { ManualClock, settlePromises } from "./fake/manual-clock.ts";
import { cursorAt, OrderHistory } from "./fake/order-history.ts";
import { ScriptedTransport } from "./fake/scripted-transport.ts";
import type { FeedBeginning, FeedConsumer, FeedPlace } from "./feed-consumer.ts";
import { Feed, type FeedOptions } from "./feed.ts";
import type { Network } from "./network.ts";

const batchOf = (...changes: Change[]): ChangeBatch => {
  const position = changes.at(-1)?.position ?? "p0";
  return { changes, position, cursor: cursorAt(position) };
};
const ackAt = (position: string): WatchAck => ({
  ok: true,
  position,
  cursor: cursorAt(position),
  replayed: 0,
});

class Reader implements FeedConsumer {
  readonly beginnings: FeedBeginning[] = [];
  readonly taken: string[] = [];
  /** Answers in turn; then a place at the beginning. */
  places: ApiResult<FeedPlace>[] = [];
  take: (batch: ChangeBatch) => void | Promise<void> = () => undefined;

  begin(beginning: FeedBeginning): Promise<ApiResult<FeedPlace>> {
    this.beginnings.push(beginning);
    const place = { statuses: ["pending"] as const, after: cursorAt("p000000000000") };
    return Promise.resolve(this.places.shift() ?? { ok: true, value: place });
  }

  apply(batch: ChangeBatch): void | Promise<void> {
    const note = () => void this.taken.push(...batch.changes.map(({ position }) => position));
    const wait = this.take(batch);
    return wait instanceof Promise ? wait.then(note) : note();
  }
}

function begin(options: Partial<FeedOptions> = {}) {
  const transport = new ScriptedTransport();
  const clock = new ManualClock();
  const reader = new Reader();
  const feed = new Feed({ transport, consumer: reader, clock, random: () => 0, ...options });
  return { transport, clock, reader, feed, history: new OrderHistory() };
}

/** A feed that is live from the beginning of its history. */
async function live(options: Partial<FeedOptions> = {}) {
  const parts = begin(options);
  parts.feed.start();
  await watching(parts.transport);
  parts.transport.last.watches.at(-1)?.done(ackAt("p000000000000"));
  return parts;
}

/** Lets the last connection open, and the feed watch over it. */
async function watching(transport: ScriptedTransport): Promise<void> {
  transport.last.events.opened();
  await settlePromises();
}

const lastWatch = (transport: ScriptedTransport) => transport.last.watches.at(-1)?.watch;

describe("the cursor", () => {
  it("C-FEED-1: moves when a batch was taken, and the next connection begins there", async () => {
    const { transport, clock, feed, history, reader } = await live();
    const [first, second] = [history.insert(), history.insert()];
    transport.last.events.changes(batchOf(first));
    transport.last.events.changes(batchOf(second));
    expect(reader.taken).toEqual([first.position, second.position]);
    transport.last.events.lost("cut");
    clock.pass(1000);
    await watching(transport);
    expect(lastWatch(transport)).toMatchObject({ after: cursorAt(second.position) });
    expect(feed.cursor()).toBe(cursorAt(second.position));
  });

  it("C-FEED-1: stays while a batch is being taken; the connection after it waits for that", async () => {
    const { transport, clock, feed, history, reader } = await live();
    const change = history.insert();
    let release: () => void = () => undefined;
    reader.take = () => new Promise((resolve) => (release = resolve));
    transport.last.events.changes(batchOf(change));
    expect(feed.cursor()).toBe(cursorAt("p000000000000"));
    transport.last.events.lost("cut");
    clock.pass(1000);
    await watching(transport);
    expect(transport.last.watches).toHaveLength(0);
    release();
    await settlePromises();
    expect(lastWatch(transport)).toMatchObject({ after: cursorAt(change.position) });
    expect(reader.taken).toEqual([change.position]);
  });

  it("C-FEED-1: stays when the consumer fails; the same changes come again", async () => {
    const { transport, clock, feed, history, reader } = await live();
    reader.take = () => Promise.reject(new Error("disk full"));
    transport.last.events.changes(batchOf(history.insert()));
    await settlePromises();
    expect(feed.state()).toMatchObject({
      kind: "reconnecting",
      cause: "what was received could not be taken: disk full",
    });
    clock.pass(1000);
    await watching(transport);
    expect(lastWatch(transport)).toMatchObject({ after: cursorAt("p000000000000") });
  });

  it("C-FEED-2: no change is handed over twice, though the server sends it again", async () => {
    const { transport, history, reader } = await live();
    const [first, second, third] = [history.insert(), history.insert(), history.insert()];
    transport.last.events.changes(batchOf(first, second));
    transport.last.events.changes(batchOf(second, third));
    transport.last.events.changes(batchOf(first));
    expect(reader.taken).toEqual([first.position, second.position, third.position]);
  });

  it("C-FEED-2: a batch that comes again takes neither the consumer nor the cursor back", async () => {
    const { transport, history, reader, feed } = await live();
    const ends: string[] = [];
    reader.take = ({ position }) => void ends.push(position);
    const [first, second] = [history.insert(), history.insert()];
    for (const batch of [batchOf(first), batchOf(second), batchOf(first), batchOf(second)])
      transport.last.events.changes(batch);
    expect(ends).toEqual([first.position, second.position, second.position]);
    expect(feed.cursor()).toBe(cursorAt(second.position));
  });

  it("C-FEED-3: batches wait their turn behind a slow consumer, bounded; past that the connection is dropped", async () => {
    const { transport, feed, history, reader } = await live();
    const waits: (() => void)[] = [];
    reader.take = () => new Promise((resolve) => waits.push(resolve));
    for (let count = 0; count < 1002; count += 1) transport.last.events.changes(batchOf(history.insert()));
    expect(feed.state()).toMatchObject({ kind: "reconnecting" });
    expect(transport.last.isClosed).toBe(true);
    expect(waits).toHaveLength(1);
  });
});

describe("beginning", () => {
  it("C-FEED-4: asks for a place while the connection opens, once", async () => {
    const { transport, feed, reader } = begin();
    feed.start();
    expect(reader.beginnings).toEqual([{ kind: "start" }]);
    await settlePromises();
    await watching(transport);
    expect(reader.beginnings).toHaveLength(1);
    expect(transport.last.watches).toHaveLength(1);
  });

  it("C-FEED-4: asks again after a while when there is no answer, and ends when it is refused", async () => {
    const { transport, clock, feed, reader } = begin();
    const refused = problem("validation", { detail: "no such status", requestId: "r" });
    reader.places = [
      { ok: false, error: { kind: "unreachable", cause: "away" } },
      { ok: false, error: { kind: "problem", problem: refused, retryAfter: null } },
    ];
    feed.start();
    await watching(transport);
    expect(feed.state()).toMatchObject({ kind: "reconnecting" });
    clock.pass(1000);
    await watching(transport);
    expect(feed.state()).toEqual({ kind: "refused", problem: refused });
    expect(transport.last.isClosed).toBe(true);
    expect(clock.waits()).toEqual([]);
  });

  it("C-FEED-5: a watch that is refused for a while is tried again, another is not", async () => {
    for (const [slug, kind] of [
      ["unavailable", "reconnecting"],
      ["replaced", "reconnecting"],
      ["validation", "refused"],
    ] as const) {
      const { transport, feed } = begin();
      feed.start();
      await watching(transport);
      transport.last.watches[0]?.done({
        ok: false,
        problem: problem(slug, { detail: "no", requestId: "r" }),
      });
      expect(feed.state().kind).toBe(kind);
    }
  });
});

describe("other statuses, and a void history", () => {
  it("C-FEED-6: changes statuses by unwatching first; nothing of the former watch is handed over", async () => {
    const { transport, feed, history, reader } = await live();
    reader.places = [{ ok: true, value: { statuses: ["shipped"], after: "new" } }];
    feed.switchOver();
    const late = history.insert();
    transport.last.events.changes(batchOf(late));
    await settlePromises();
    expect(transport.last.watches).toHaveLength(1);
    transport.last.unwatches[0]?.({ ok: true });
    await settlePromises();
    expect(lastWatch(transport)).toEqual({ statuses: ["shipped"], after: "new" });
    expect(reader.taken).toEqual([]);
    expect(feed.state().kind).toBe("switching");
    transport.last.watches[1]?.done(ackAt("p000000000009"));
    expect(feed.state().kind).toBe("live");
  });

  it("C-FEED-6: the latest wish counts", async () => {
    const { transport, feed, reader } = await live();
    reader.places = [
      { ok: true, value: { statuses: ["shipped"], after: "first" } },
      { ok: true, value: { statuses: ["delivered"], after: "second" } },
    ];
    feed.switchOver();
    feed.switchOver();
    for (const unwatched of transport.last.unwatches) unwatched({ ok: true });
    await settlePromises();
    expect(transport.last.watches).toHaveLength(2);
    expect(lastWatch(transport)).toEqual({ statuses: ["delivered"], after: "second" });
  });

  it("C-FEED-7: a reset, in mid-stream or in the acknowledgement, asks for a new place", async () => {
    const { transport, feed, reader, clock } = await live();
    transport.last.events.reset({ reason: "collection-gone", cursor: "c1" });
    expect(feed.state()).toMatchObject({ kind: "resynced", reason: "collection-gone" });
    transport.last.unwatches[0]?.({ ok: true });
    await settlePromises();
    transport.last.watches[1]?.done(ackAt("p000000000009"));
    transport.last.events.lost("cut");
    clock.pass(1000);
    await watching(transport);
    transport.last.watches[0]?.done({
      ok: true,
      position: "p1",
      cursor: "c2",
      replayed: 0,
      reset: "history-lost",
    });
    expect(reader.beginnings.slice(1)).toEqual([
      { kind: "reset", reason: "collection-gone", cursor: "c1" },
      { kind: "reset", reason: "history-lost", cursor: "c2" },
    ]);
  });

  it("C-FEED-7: the consumer is told of it, though other statuses are wanted before it is asked", async () => {
    const { transport, feed, reader, clock } = await live();
    transport.last.events.reset({ reason: "history-lost", cursor: "c1" });
    transport.last.unwatches[0]?.({ ok: true });
    await settlePromises();
    transport.last.events.reset({ reason: "collection-gone", cursor: "c2" });
    expect(feed.state().kind).toBe("reconnecting");
    feed.switchOver();
    clock.pass(1000);
    await watching(transport);
    transport.last.watches[0]?.done(ackAt("p000000000009"));
    feed.switchOver();
    expect(reader.beginnings.slice(1)).toEqual([
      { kind: "reset", reason: "history-lost", cursor: "c1" },
      { kind: "reset", reason: "collection-gone", cursor: "c2" },
      { kind: "switch" },
    ]);
  });
});

describe("silence", () => {
  it("C-FEED-8: a connection that does not open, or does not answer, is given up", async () => {
    const { transport, clock, feed } = begin({ ackTimeout: 5000 });
    feed.start();
    clock.pass(30_000);
    expect(feed.state().kind).toBe("reconnecting");
    expect(transport.last.isClosed).toBe(true);
    clock.pass(1000);
    await watching(transport);
    clock.pass(5000);
    expect(feed.state()).toMatchObject({ kind: "reconnecting", attempt: 2 });
  });

  it("C-FEED-8: but not while it replays", async () => {
    const { transport, clock, feed, history } = begin({ ackTimeout: 5000 });
    feed.start();
    await watching(transport);
    for (let count = 0; count < 4; count += 1) {
      clock.pass(4000);
      transport.last.events.changes(batchOf(history.insert()));
    }
    expect(feed.state()).toMatchObject({ kind: "catching-up", changes: 4 });
  });

  it("C-FEED-9: what a connection says after it was given up is not heard", async () => {
    const { transport, clock, feed, history, reader } = await live();
    const old = transport.last;
    old.events.lost("cut");
    clock.pass(1000);
    old.events.changes(batchOf(history.insert()));
    old.events.lost("again");
    old.events.opened();
    expect(reader.taken).toEqual([]);
    expect(feed.state().kind).toBe("connecting");
  });
});

describe("the network", () => {
  class SwitchableNetwork implements Network {
    isOn = true;
    listener: () => void = () => undefined;
    online(): boolean {
      return this.isOn;
    }
    subscribe(listener: () => void): () => void {
      this.listener = listener;
      return () => undefined;
    }
    turn(on: boolean): void {
      this.isOn = on;
      this.listener();
    }
  }

  it("C-FEED-10: is offline when the machine has no network and the server does not answer, and back at once", async () => {
    const network = new SwitchableNetwork();
    let reachable = true;
    const { transport, feed } = await live({ network, probe: () => Promise.resolve(reachable) });
    network.turn(false);
    await settlePromises();
    expect(feed.state().kind).toBe("live");
    reachable = false;
    network.turn(false);
    await settlePromises();
    expect(feed.state().kind).toBe("offline");
    network.turn(true);
    expect(feed.state().kind).toBe("connecting");
    expect(transport.connections).toHaveLength(2);
  });
});

describe("lag", () => {
  it("C-LAG-3: is measured from commit to arrival while live, and told at most twice a second", async () => {
    const { transport, feed, history, clock } = await live();
    const told: unknown[] = [];
    feed.subscribe(() => told.push(feed.state()));
    for (const ms of [5, 7, 9]) {
      const at = new Date(clock.now() - ms).toISOString();
      transport.last.events.changes(batchOf({ ...history.insert(), at }));
    }
    clock.pass(500);
    expect(told).toEqual([
      { kind: "live", lag: 5 },
      { kind: "live", lag: 9 },
    ]);
  });
});

describe("a clock that is set back", () => {
  it("C-LAG-3: does not put the next lag off", async () => {
    const steady = new ManualClock();
    let offset = 0;
    const clock = { now: () => steady.now() + offset, after: steady.after.bind(steady) };
    const { transport, feed, history } = await live({ clock });
    const told: unknown[] = [];
    feed.subscribe(() => told.push(feed.state()));
    const change = (ms: number) => ({ ...history.insert(), at: new Date(clock.now() - ms).toISOString() });
    transport.last.events.changes(batchOf(change(5)));
    offset = -3_600_000;
    transport.last.events.changes(batchOf(change(7)));
    steady.pass(500);
    expect(told).toHaveLength(2);
  });
});

describe("what is handed in", () => {
  it("C-FEED-15: the same events at the same times have the same outcome", async () => {
    const outcome = async () => {
      const seen: unknown[] = [];
      const { transport, clock, feed, history } = await live({ random: () => 0.5 });
      feed.subscribe(() => seen.push(feed.state()));
      const change = { ...history.insert(), at: new Date(clock.now()).toISOString() };
      transport.last.events.changes(batchOf(change));
      for (const cause of ["cut", "cut again"]) {
        transport.last.events.lost(cause);
        clock.pass(2000);
        await watching(transport);
      }
      return { seen, watches: transport.last.watches.map(({ watch }) => watch) };
    };
    expect(await outcome()).toEqual(await outcome());
  });
});
