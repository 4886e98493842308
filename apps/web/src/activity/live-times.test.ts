import type { ApiResult } from "@live-orders/client/api-error";
import type { ChangeBatch } from "@live-orders/protocol/change";
import type { ActivityTimes } from "@live-orders/protocol/http-activity";
import type { Status } from "@live-orders/protocol/status";
import { beforeEach, describe, expect, it } from "vitest";
import { orderAt } from "../live/fake-live.ts";
import { HandClock } from "../live/hand-clock.ts";
import { LiveTimes } from "./live-times.ts";

const nothing = { count: 0, median: null, p90: null };
let clock: HandClock;
let position: string;
let reachable: boolean;
let asked: number;
let follower: (batch: ChangeBatch) => void;
let times: LiveTimes;

const move = (place: string, from: Status, to: Status) => {
  const change = { position: place, op: "update", id: 1, before: orderAt(1, 1, { status: from }) } as const;
  const after = orderAt(1, 2, { status: to });
  follower({ changes: [{ ...change, after, at: after.updated_at }], position: place, cursor: place });
};
const pass = async (ms: number) => {
  clock.pass(ms);
  await new Promise((resolve) => setTimeout(resolve));
};

beforeEach(() => {
  clock = new HandClock();
  [position, reachable, asked] = ["p1", true, 0];
  times = new LiveTimes({
    range: "1h",
    clock,
    live: {
      follow: (listener) => {
        follower = listener;
        return () => {
          follower = () => undefined;
        };
      },
    },
    api: {
      activityTimes: () => {
        asked += 1;
        const answer = { range: "1h", since: "2024-01-01T00:00:00.000Z", cut: null, position } as const;
        const value: ActivityTimes = { ...answer, shipped: nothing, delivered: nothing };
        const result: ApiResult<ActivityTimes> = reachable
          ? { ok: true, value }
          : { ok: false, error: { kind: "unreachable", cause: "cut" } };
        return Promise.resolve(result);
      },
    },
  });
});

describe("how long orders take, live", () => {
  it("is asked at once, and again soon after an order has arrived", async () => {
    times.start();
    await pass(10_000);
    expect(asked).toBe(1);
    move("p1", "pending", "shipped");
    await pass(400);
    expect(asked).toBe(2);
  });

  it("is not asked for what is no arrival, but each minute", async () => {
    times.start();
    await pass(0);
    move("p2", "shipped", "pending");
    move("p3", "shipped", "shipped");
    await pass(59_999);
    expect(asked).toBe(1);
    await pass(1);
    expect(asked).toBe(2);
  });

  it("is asked no more often than each five seconds, however many arrive", async () => {
    times.start();
    await pass(0);
    for (let round = 0; round < 100; round += 1) {
      move("p1", "pending", "delivered");
      await pass(100);
    }
    expect(asked).toBe(3);
  });

  it("is asked again until the history has the arrival, and when it could not be read", async () => {
    times.start();
    await pass(10_000);
    move("p9", "pending", "shipped");
    await pass(400);
    expect(asked).toBe(2);
    position = "p9";
    await pass(600);
    expect(asked).toBe(3);
    expect(times.state().times?.position).toBe("p9");
    reachable = false;
    move("p9", "pending", "shipped");
    await pass(5000);
    expect(times.state().error).toMatch(/cut/);
    expect(times.state().times?.position).toBe("p9");
    reachable = true;
    await pass(3000);
    expect(times.state().error).toBeNull();
  });

  it("asks for nothing after its end", async () => {
    const end = times.start();
    await pass(0);
    end();
    move("p2", "pending", "shipped");
    await pass(120_000);
    expect(asked).toBe(1);
  });
});
