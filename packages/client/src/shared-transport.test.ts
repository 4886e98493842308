import type { Counts } from "@live-orders/protocol/http-orders";
import { isSeenBy } from "@live-orders/protocol/room";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock, type Clock } from "./clock.ts";
import { FakeTabs, type FakeTab } from "./fake/fake-tabs.ts";
import { ManualClock, settlePromises } from "./fake/manual-clock.ts";
import { cursorAt, positionOf } from "./fake/order-history.ts";
import { FakeOrdersServer } from "./fake/orders-server.ts";
import { ScriptedTransport } from "./fake/scripted-transport.ts";
import type { FeedBeginning } from "./feed-consumer.ts";
import type { FeedTransport } from "./feed-transport.ts";
import { Feed } from "./feed.ts";
import { createOrdersApi } from "./orders-api.ts";
import { sharedTransport } from "./shared-transport.ts";
import { sseTransport } from "./sse-transport.ts";

const BEGINNING = cursorAt("p000000000000");

let server: FakeOrdersServer;
let group: FakeTabs;
let pages: Page[];

beforeEach(async () => {
  server = new FakeOrdersServer();
  await server.start();
  group = new FakeTabs();
  pages = [];
});

afterEach(async () => {
  for (const page of pages) page.feed.stop();
  await server.stop();
});

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });
const apiOf = () => createOrdersApi({ baseUrl: server.url, backOff: { base: 10, cap: 50 } });
const sse = (clock: Clock = systemClock) => sseTransport({ baseUrl: server.url, api: apiOf(), clock });
const streams = () => server.requests.filter(({ path }) => path === "/api/changes/stream");
const lookBacks = () => server.requests.filter(({ path }) => path === "/api/changes");

/** A page in a tab, that follows some statuses from the beginning. */
class Page {
  readonly taken: string[] = [];
  readonly states = new Set<string>();
  readonly counts: Counts[] = [];
  readonly beginnings: FeedBeginning[] = [];
  readonly tab: FakeTab;
  readonly statuses: readonly Status[];
  readonly feed: Feed;

  constructor(statuses: readonly Status[] = STATUSES, transport: FeedTransport = sse(), clock?: Clock) {
    this.statuses = statuses;
    this.tab = group.open();
    const timed = clock === undefined ? {} : { clock };
    this.feed = new Feed({
      transport: sharedTransport({ transport, api: apiOf(), tabs: this.tab, ...timed }),
      random: () => 0,
      counts: true,
      ...timed,
      consumer: {
        begin: (beginning) => {
          this.beginnings.push(beginning);
          const after = beginning.kind === "reset" ? beginning.cursor : BEGINNING;
          return Promise.resolve({ ok: true, value: { statuses, after } });
        },
        apply: ({ changes }) => void this.taken.push(...changes.map(({ position }) => position)),
        counts: (counts) => void this.counts.push(counts),
      },
    });
    this.feed.subscribe(() => this.states.add(this.feed.state().kind));
    this.feed.start();
    pages.push(this);
  }

  /** Waits until it has been handed the changes of its statuses, each once and in order. */
  async isComplete(): Promise<void> {
    await eventually(() => {
      const all = server.history.changes.filter((change) => isSeenBy(change, this.statuses));
      expect(this.taken).toEqual(all.map(({ position }) => position));
      expect(this.feed.state().kind).toBe("live");
    });
  }
}

const allComplete = () => Promise.all(pages.map((page) => page.isComplete()));
const allCount = (total: number) =>
  eventually(() => {
    for (const page of pages) expect(page.counts.at(-1)?.total).toBe(total);
  });

describe("tabs that share a reader", () => {
  it("C-SHARE-1: have one stream between them, and one of them asks for the counts", async () => {
    const clock = new ManualClock();
    const asked = () => server.requests.filter(({ path }) => path === "/api/orders/counts").length;
    server.insert();
    for (let count = 0; count < 8; count += 1) new Page(STATUSES, sse(clock), clock);
    await allComplete();
    await allCount(1);
    expect([streams().length, asked()]).toEqual([1, 1]);
    server.insert();
    await allComplete();
    clock.pass(1000);
    await allCount(2);
    expect([streams().length, asked()]).toEqual([1, 2]);
  });

  it("C-SHARE-2: are each handed the changes of their own statuses, once and in commit order", async () => {
    for (let count = 0; count < 20; count += 1) server.insert({ status: STATUSES[count % 3] ?? "pending" });
    new Page(["pending"]);
    new Page(["shipped", "delivered"]);
    new Page();
    for (let count = 0; count < 300; count += 1) {
      const id = 1 + (count % 20);
      server.update(id, { status: STATUSES[(count + id) % 3] ?? "pending" });
      if (count % 10 === 0) await settlePromises();
      if (count === 150) new Page(["delivered"]);
    }
    await allComplete();
  });

  it("C-SHARE-3: do not notice that the one that read was closed: the next goes on from there", async () => {
    const first = new Page();
    new Page(["pending"]);
    new Page();
    await allComplete();
    const others = pages.filter((page) => page !== first);
    for (const page of others) page.states.clear();
    for (let count = 0; count < 30; count += 1) {
      server.insert({ status: count % 2 === 0 ? "pending" : "shipped" });
      if (count === 10) first.feed.stop();
      if (count % 5 === 0) await settlePromises();
    }
    pages = others;
    await allComplete();
    expect(streams()).toHaveLength(2);
    for (const page of others) expect([...page.states]).toEqual(["live"]);
  });

  it("C-SHARE-3: hand the reading on as often as tabs close", async () => {
    for (let count = 0; count < 6; count += 1) new Page();
    await allComplete();
    while (pages.length > 1) {
      for (let count = 0; count < 10; count += 1) server.insert();
      pages.shift()?.feed.stop();
      for (let count = 0; count < 10; count += 1) server.insert();
      await allComplete();
    }
    expect(streams()).toHaveLength(6);
  });

  it("C-SHARE-4: read for themselves what they did not hear", async () => {
    const [reader, other] = [new Page(), new Page()];
    await allComplete();
    server.insert();
    await allComplete();
    const asked = lookBacks().length;
    const { said } = reader.tab;
    const word = said.findLast((one) => (one as { kind: string }).kind === "changes");
    // What lies between was not told.
    for (let count = 0; count < 5; count += 1) server.history.insert();
    const { position } = server.history;
    group.tell(reader.tab, {
      ...(word as object),
      from: position,
      batch: { changes: [], position, cursor: cursorAt(position) },
    });
    await other.isComplete();
    expect(lookBacks().length).toBeGreaterThan(asked);
    expect(other.states.has("reconnecting")).toBe(false);
  });

  it("C-SHARE-5: take over from a reader that is frozen, and it steps back when it wakes", async () => {
    const clock = new ManualClock();
    const [frozen, other] = [new Page(STATUSES, sse(), clock), new Page(STATUSES, sse(), clock)];
    await allComplete();
    frozen.tab.freeze();
    server.insert();
    clock.pass(20_000);
    await settlePromises();
    clock.pass(5_000);
    await other.isComplete();
    expect(streams()).toHaveLength(2);
    frozen.tab.thaw();
    server.insert();
    await allComplete();
  });

  it("C-SHARE-5: leave a reader alone that has nothing to say but answers", async () => {
    const clock = new ManualClock();
    new Page(STATUSES, sse(), clock);
    new Page(STATUSES, sse(), clock);
    await allComplete();
    for (let count = 0; count < 3; count += 1) {
      clock.pass(20_000);
      await settlePromises();
      clock.pass(4_000);
      await settlePromises();
    }
    expect(group.standing.map(({ tab }) => tab)).toEqual(pages.map(({ tab }) => tab));
  });

  it("C-SHARE-6: are all told that the server is away, and come back through one stream", async () => {
    for (let count = 0; count < 5; count += 1) new Page();
    await allComplete();
    server.cut();
    await eventually(() => {
      for (const page of pages) expect(page.states.has("reconnecting")).toBe(true);
    });
    for (let count = 0; count < 5; count += 1) server.insert();
    await allComplete();
    expect(streams()).toHaveLength(2);
  });

  it("C-SHARE-6: but not one that reads by now, of the end of who read before", async () => {
    const [first, next] = [new Page(), new Page()];
    await allComplete();
    first.feed.stop();
    await eventually(() => {
      expect(streams()).toHaveLength(2);
    });
    pages = [next];
    await allComplete();
    next.states.clear();
    group.tell(first.tab, { kind: "lost", cause: "late" });
    server.insert();
    await allComplete();
    expect([...next.states]).toEqual(["live"]);
  });

  it("C-SHARE-6: are all told that what they hold is void", async () => {
    const transport = new ScriptedTransport();
    new Page(STATUSES, transport);
    new Page(["shipped"], transport);
    await eventually(() => {
      expect(transport.connections).toHaveLength(1);
    });
    const reading = transport.last;
    reading.events.opened();
    const { position } = server.history;
    reading.watches[0]?.done({ ok: true, position, cursor: cursorAt(position), replayed: 0 });
    await allComplete();
    server.history.insert({ status: "shipped" });
    const cursor = cursorAt(server.history.position);
    reading.events.reset({ reason: "collection-gone", cursor });
    expect(reading.watches.at(-1)?.watch.after).toBe(cursor);
    await eventually(() => {
      for (const page of pages)
        expect(page.beginnings.at(-1)).toEqual({ kind: "reset", reason: "collection-gone", cursor });
    });
  });

  it("C-SHARE-6: find out each for itself that a history is gone", async () => {
    for (let count = 0; count < 3; count += 1) server.insert();
    server.forgetHistory();
    const [one, two] = [new Page(), new Page(["pending"])];
    const reset = { kind: "reset", reason: "history-lost", cursor: cursorAt("p000000000003") };
    await eventually(() => {
      for (const page of [one, two]) expect(page.beginnings.at(-1)).toEqual(reset);
    });
    server.insert();
    await allComplete();
  });

  it("C-SHARE-7: say a long batch in parts that are bounded", async () => {
    for (let count = 0; count < 3; count += 1) new Page();
    await allComplete();
    for (let count = 0; count < 1000; count += 1) server.history.insert();
    server.publish();
    await allComplete();
    const sizes = pages
      .flatMap(({ tab }) => tab.said)
      .map((word) => (word as { batch?: { changes: unknown[] } }).batch?.changes.length ?? 0);
    expect(Math.max(...sizes)).toBe(200);
    for (const page of pages) expect(positionOf(page.feed.cursor() ?? "")).toBe(server.history.position);
  });

  it("C-SHARE-7: drop what they hear while they catch up, past a bound, and read it once more", async () => {
    new Page();
    await allComplete();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    server.holdAnswer = ({ path }) => (path === "/api/changes" ? held : undefined);
    const late = new Page();
    await eventually(() => {
      expect(lookBacks().length).toBeGreaterThan(1);
    });
    for (let count = 0; count < 12_000; count += 1) {
      server.history.insert();
      if (count % 1000 === 999) {
        server.publish();
        await settlePromises();
      }
    }
    release();
    await late.isComplete();
  });
});
