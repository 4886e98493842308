import type { ApiResult } from "@live-orders/client/api-error";
import type { Change } from "@live-orders/protocol/change";
import type { OrderHistoryPage } from "@live-orders/protocol/http-history";
import type { Status } from "@live-orders/protocol/status";
import { beforeEach, describe, expect, it } from "vitest";
import { orderAt } from "../live/fake-live.ts";
import { HandClock } from "../live/hand-clock.ts";
import { HandFed, placeOf } from "../live/hand-fed.ts";
import { OrderStory } from "./order-story.ts";

const changeAt = (count: number, status: Status = "pending"): Change => ({
  position: placeOf(count),
  op: "update",
  id: 7,
  before: orderAt(7, count - 1),
  after: orderAt(7, count, { status }),
  at: new Date(count).toISOString(),
});
const since = "2024-01-01T00:00:00.000Z";

/** Also a history that holds what it is given, `recorded` of them. */
class FakeServer extends HandFed {
  recorded = 0;
  kept = true;
  reachable = true;
  asked = 0;
  readonly api = {
    history: (_id: number, { limit = 100, after }: { limit?: number; after?: string } = {}) =>
      Promise.resolve(this.#page(limit, after)),
  };

  /** Commits changes; `seen`: the feed hands them over. */
  change(count: number, seen: boolean, status?: Status): void {
    for (let one = 0; one < count; one += 1) {
      this.commit(changeAt(this.changes.length + 1, status), seen);
    }
  }

  #page(limit: number, after?: string): ApiResult<OrderHistoryPage> {
    this.asked += 1;
    if (!this.reachable) return { ok: false, error: { kind: "unreachable", cause: "cut" } };
    if (!this.kept) return { ok: true, value: { changes: [], next: null, position: null, since: null } };
    const end = after === undefined ? this.recorded : Number(after);
    const page = this.changes.slice(Math.max(0, end - limit), end).reverse();
    const next = end > limit ? String(end - limit) : null;
    return { ok: true, value: { changes: page, next, position: placeOf(this.recorded), since } };
  }
}

let server: FakeServer;
let clock: HandClock;
let story: OrderStory;
let end: () => void;

const places = () => story.state().changes.map(({ position }) => position);
const newestFirst = (to: number, from: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => placeOf(to - index));
const settled = () => new Promise((resolve) => setTimeout(resolve));
const begin = async () => {
  end = story.start();
  await settled();
};

beforeEach(() => {
  server = new FakeServer();
  clock = new HandClock();
  story = new OrderStory({ id: 7, api: server.api, live: server, clock });
});

describe("the history of an order, live", () => {
  it("has each change once, whether the history or the feed brings it first", async () => {
    server.change(2, false);
    server.recorded = 1;
    end = story.start();
    server.change(1, true);
    await settled();
    expect(places()).toEqual([placeOf(3), placeOf(1)]);
    server.recorded = 3;
    clock.pass(500);
    await settled();
    expect(places()).toEqual(newestFirst(3, 1));
    clock.pass(60_000);
    expect(server.asked).toBe(2);
  });

  it("reads older pages as they are asked for", async () => {
    server.change(120, false);
    server.recorded = 120;
    await begin();
    expect(story.state().older.kind).toBe("more");
    await story.more();
    await story.more();
    expect(places()).toEqual(newestFirst(120, 1));
    expect(story.state().older.kind).toBe("none");
  });

  it("fills what the feed has skipped at a reset, older pages kept", async () => {
    server.change(70, false);
    server.recorded = 70;
    await begin();
    await story.more();
    server.change(3, false);
    server.recorded = 73;
    server.resyncs = 1;
    server.tellStatus();
    await settled();
    expect(places()).toEqual(newestFirst(73, 1));
  });

  it("leaves no gap when more was skipped than a page holds", async () => {
    server.change(10, false);
    server.recorded = 10;
    await begin();
    server.change(100, false);
    server.recorded = 110;
    server.resyncs = 1;
    server.tellStatus();
    await settled();
    expect(places()).toEqual(newestFirst(110, 61));
    await story.more();
    await story.more();
    expect(places()).toEqual(newestFirst(110, 1));
  });

  it("asks again for an order whose status the feed does not tell of", async () => {
    server.statuses = ["pending"];
    await begin();
    server.change(1, true, "shipped");
    server.change(1, false, "delivered");
    server.recorded = 2;
    clock.pass(3000);
    await settled();
    expect(places()).toEqual(newestFirst(2, 1));
  });

  it("says that no history is kept, and goes on with what the feed brings", async () => {
    server.kept = false;
    server.change(3, false);
    await begin();
    server.change(1, true);
    expect(story.state().head).toEqual({ kind: "off" });
    expect(places()).toEqual([placeOf(4)]);
  });

  it("says why it could not be read, and reads it when it can", async () => {
    server.reachable = false;
    server.change(1, false);
    server.recorded = 1;
    await begin();
    expect(story.state().head.kind).toBe("failed");
    server.reachable = true;
    clock.pass(500);
    await settled();
    expect(story.state()).toMatchObject({ head: { kind: "kept", since }, changes: [{ id: 7 }] });
  });

  it("holds a bounded number of changes, without a gap", async () => {
    await begin();
    server.change(1001, true);
    await settled();
    expect(places()).toHaveLength(50);
    server.recorded = 1001;
    clock.pass(500);
    await settled();
    expect(places()).toEqual(newestFirst(1001, 952));
    expect(story.state().older.kind).toBe("more");
  });

  it("asks for nothing after its end", async () => {
    server.statuses = ["pending"];
    await begin();
    end();
    const { asked } = server;
    clock.pass(60_000);
    expect(server.asked).toBe(asked);
  });
});
