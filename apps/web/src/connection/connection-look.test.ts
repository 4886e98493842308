import type { ConnectionState } from "@live-orders/client/connection-state";
import { expect, it } from "vitest";
import { connectionLook, isStale, waitingWord } from "./connection-look.ts";

const reconnecting: ConnectionState = {
  kind: "reconnecting",
  attempt: 2,
  dueAt: 5_400,
  cause: "closed",
  resync: null,
};

it("says the lag of a live connection, in ms or seconds", () => {
  const label = (lag: number | null) => connectionLook({ kind: "live", lag }, 0).label;
  expect([label(null), label(11.6), label(-3), label(1540)]).toEqual([
    "Live",
    "Live · 12 ms",
    "Live · 0 ms",
    "Live · 1.5 s",
  ]);
});

it("counts down to the next try, never below one second", () => {
  const label = (now: number) => connectionLook(reconnecting, now).label;
  expect([label(1000), label(5300), label(9000)]).toEqual([
    "Reconnecting in 5 s",
    "Reconnecting in 1 s",
    "Reconnecting in 1 s",
  ]);
});

it("counts what was caught up so far", () => {
  expect(connectionLook({ kind: "catching-up", attempt: 1, changes: 1200 }, 0).label).toBe(
    "Catching up · 1,200",
  );
});

it("says how many writes wait for the connection", () => {
  expect([waitingWord({ waiting: 0 }), waitingWord({ waiting: 2 })]).toEqual(["", "2 waiting"]);
});

it("calls what is shown stale unless changes arrive", () => {
  expect(isStale(reconnecting)).toBe(true);
  expect(isStale({ kind: "stale", lag: 12 })).toBe(true);
  expect(isStale({ kind: "live", lag: null })).toBe(false);
});
