import type { ConnectionState } from "@live-orders/client/connection-state";
import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import { STATUSES } from "@live-orders/protocol/status";
import { expect, it } from "vitest";
import { orderAt } from "./fake-live.ts";
import { ScreenLatency } from "./screen-latency.ts";

function page() {
  let follower: (batch: ChangeBatch) => void = () => undefined;
  const painted: (() => void)[] = [];
  const page = { nowMs: 10_000, seen: true, connection: { kind: "live", lag: null } as ConnectionState };
  const latency = new ScreenLatency({
    live: {
      follow: (listener) => {
        follower = listener;
        return () => undefined;
      },
      serverNow: () => page.nowMs,
      status: () => ({
        connection: page.connection,
        statuses: STATUSES,
        counts: null,
        snapshot: { kind: "empty" },
        resyncs: { count: 0, reason: null },
        saving: 0,
        waiting: 0,
      }),
    },
    onPainted: (run) => painted.push(run),
    isSeen: () => page.seen,
  });
  const changeAt = (ms: number): Change => ({
    position: "p",
    op: "insert",
    id: 1,
    before: null,
    after: orderAt(1, 1),
    at: new Date(ms).toISOString(),
  });
  return Object.assign(page, {
    latency,
    bring: (...committed: number[]) => {
      follower({ changes: committed.map(changeAt), position: "p", cursor: "c" });
    },
    paint: () => {
      for (const run of painted.splice(0)) run();
    },
  });
}

it("measures from the oldest commit of a batch until it was painted", () => {
  const { latency, bring, paint, ...rest } = page();
  expect(rest.seen).toBe(true);
  bring(9990, 9980);
  bring();
  expect(latency.samples()).toEqual([]);
  paint();
  expect(latency.samples()).toEqual([{ atMs: 10_000, ms: 20 }]);
});

it("takes no account of what is caught up with, and of what nobody sees", () => {
  const open = page();
  open.connection = { kind: "catching-up", attempt: 1, changes: 0 };
  open.bring(1);
  open.connection = { kind: "live", lag: null };
  open.seen = false;
  open.bring(2);
  open.seen = true;
  open.bring(3);
  open.seen = false;
  open.paint();
  expect(open.latency.samples()).toEqual([]);
});

it("keeps the newest two thousand, none of them below nothing", () => {
  const open = page();
  for (let count = 1; count <= 2010; count += 1) {
    open.nowMs += 1;
    open.bring(open.nowMs + (count === 2010 ? 5 : -count));
    open.paint();
  }
  expect(open.latency.samples()).toHaveLength(2000);
  expect(open.latency.samples()[0]?.ms).toBe(11);
  expect(open.latency.samples().at(-1)?.ms).toBe(0);
});
