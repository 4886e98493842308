import type { ApiResult } from "@live-orders/client/api-error";
import type { Change } from "@live-orders/protocol/change";
import type { Activity } from "@live-orders/protocol/http-activity";
import { beforeEach, describe, expect, it } from "vitest";
import { orderAt } from "../live/fake-live.ts";
import { HandClock } from "../live/hand-clock.ts";
import { HandFed, placeOf } from "../live/hand-fed.ts";
import { ActivityFeed } from "./activity-feed.ts";

const MINUTE = 60_000;

/** Also an activity that counts what was committed when it was asked. */
class FakeServer extends HandFed {
  readonly clock = new HandClock();
  reachable = true;
  asked = 0;
  /** The answer is as of so many changes ago. */
  late = 0;
  #held: (() => void)[] | null = null;
  readonly api = {
    activity: async (): Promise<ApiResult<Activity>> => {
      this.asked += 1;
      const value = this.#answer(this.changes.length - this.late);
      if (this.#held !== null) await new Promise<void>((resolve) => this.#held?.push(resolve));
      return this.reachable
        ? { ok: true, value }
        : { ok: false, error: { kind: "unreachable", cause: "cut" } };
    },
  };

  serverNow(): number {
    return this.clock.now();
  }

  /** Answers wait until they are let go. */
  hold(): () => void {
    const held: (() => void)[] = [];
    this.#held = held;
    return () => {
      this.#held = null;
      for (const letGo of held) letGo();
    };
  }

  /** Commits new orders; `seen`: the feed hands them over. */
  create(count: number, seen: boolean): void {
    for (let one = 0; one < count; one += 1) {
      const id = this.changes.length + 1;
      const at = new Date(this.clock.now()).toISOString();
      const change: Change = {
        position: placeOf(id),
        op: "insert",
        id,
        before: null,
        after: orderAt(id, 1),
        at,
      };
      this.commit(change, seen);
    }
  }

  #answer(count: number): Activity {
    const changes = this.changes.slice(0, count);
    const startMs = Math.floor(this.clock.now() / MINUTE) * MINUTE;
    const recent = changes.filter(({ at }) => Date.parse(at) >= startMs).length;
    const standing = { pending: count, shipped: 0, delivered: 0 };
    const at = new Date(startMs).toISOString();
    return {
      range: "1h",
      step: 60,
      since: at,
      cut: "history",
      steps: [{ at, changes: recent, created: recent, standing }],
      newest: changes.slice(-50).reverse(),
      position: placeOf(count),
      cursor: "c",
    };
  }
}

let server: FakeServer;
let feed: ActivityFeed;
let told: number;

const settled = () => new Promise((resolve) => setTimeout(resolve));
const begin = async () => {
  const end = feed.start();
  await settled();
  return end;
};
const known = () => {
  const state = feed.state();
  if (state.kind !== "known") throw new Error(`The activity is ${state.kind}`);
  return state;
};
const counted = () => known().steps.map(({ changes, standing }) => [changes, standing.pending]);
const rest = () => {
  server.clock.pass(250);
};

beforeEach(() => {
  server = new FakeServer();
  feed = new ActivityFeed({ range: "1h", api: server.api, live: server, clock: server.clock });
  told = 0;
  feed.subscribe(() => {
    told += 1;
  });
});

describe("the activity, live", () => {
  it("counts each change once, whether the answer or the feed brings it first", async () => {
    server.create(2, false);
    const letGo = server.hold();
    feed.start();
    server.create(3, true);
    expect(feed.state().kind).toBe("reading");
    letGo();
    await settled();
    expect(counted()).toEqual([[5, 5]]);
    server.create(1, true);
    rest();
    expect(counted()).toEqual([[6, 6]]);
    expect(known().newest.map(({ id }) => id)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it("goes on into the next step by the clock alone", async () => {
    server.create(2, false);
    await begin();
    server.clock.pass(2 * MINUTE);
    expect(counted()).toEqual([
      [2, 2],
      [0, 2],
      [0, 2],
    ]);
  });

  it("asks again after a reset, and for an answer that is older than what the feed began with", async () => {
    await begin();
    server.create(4, false);
    server.resyncs = 1;
    server.late = 1;
    server.tellStatus();
    await settled();
    expect(counted()).toEqual([[0, 0]]);
    server.late = 0;
    server.clock.pass(600);
    await settled();
    expect(counted()).toEqual([[4, 4]]);
    expect(server.asked).toBe(3);
  });

  it("says why it could not be read, and reads it when it can; what is known stays", async () => {
    server.reachable = false;
    await begin();
    expect(feed.state().kind).toBe("failed");
    server.reachable = true;
    server.clock.pass(500);
    await settled();
    expect(counted()).toEqual([[0, 0]]);
    server.reachable = false;
    server.resyncs = 1;
    server.tellStatus();
    await settled();
    server.create(1, true);
    rest();
    expect(counted()).toEqual([[1, 1]]);
  });

  it("tells at once after a rest, and in a burst no more often than the eye sees", async () => {
    await begin();
    server.clock.pass(1000);
    told = 0;
    server.create(1, true);
    expect(told).toBe(1);
    for (let round = 0; round < 100; round += 1) {
      server.create(5, true);
      server.clock.pass(10);
    }
    expect(told).toBeLessThanOrEqual(6);
    rest();
    expect(known().steps.at(-1)?.standing.pending).toBe(501);
    expect(known().newest).toHaveLength(50);
  });

  it("lets go of what waits for too long an answer, and asks again", async () => {
    const letGo = server.hold();
    feed.start();
    server.create(20_001, true);
    expect(server.asked).toBe(2);
    letGo();
    await settled();
    expect(known().steps.at(-1)?.standing.pending).toBe(20_001);
  });

  it("asks for nothing after its end", async () => {
    const end = await begin();
    end();
    const { asked } = server;
    server.create(1, true);
    server.clock.pass(60_000);
    expect([server.asked, counted()]).toEqual([asked, [[0, 0]]]);
  });
});
