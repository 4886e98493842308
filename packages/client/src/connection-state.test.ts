import { problem } from "@live-orders/protocol/problem";
import { describe, expect, it } from "vitest";
import { transition, type ConnectionEvent, type ConnectionState, type Moment } from "./connection-state.ts";

const moment: Moment = { now: 1000, roll: 0, online: true };
const noNetwork: Moment = { ...moment, online: false };
const denied = problem("forbidden", { detail: "not here", requestId: "r" });

const states = {
  idle: { kind: "idle" },
  connecting: { kind: "connecting", attempt: 2, resync: null },
  "catching-up": { kind: "catching-up", attempt: 2, changes: 7 },
  live: { kind: "live", lag: 12 },
  stale: { kind: "stale", lag: 12 },
  switching: { kind: "switching", lag: 12 },
  resynced: { kind: "resynced", attempt: 2, reason: "history-lost" },
  reconnecting: { kind: "reconnecting", attempt: 2, dueAt: 5000, cause: "cut", resync: null },
  offline: { kind: "offline", attempt: 2, dueAt: 5000, resync: "history-lost" },
  refused: { kind: "refused", problem: denied },
  closed: { kind: "closed" },
} as const satisfies { [Kind in ConnectionState["kind"]]: Extract<ConnectionState, { kind: Kind }> };

const events = {
  start: { kind: "start" },
  opened: { kind: "opened" },
  lost: { kind: "lost", cause: "cut", moment },
  due: { kind: "due" },
  offline: { kind: "offline", moment: noNetwork },
  online: { kind: "online" },
  received: { kind: "received", changes: 3 },
  "caught-up": { kind: "caught-up" },
  lag: { kind: "lag", lag: 30 },
  "feed-stale": { kind: "feed-stale" },
  "feed-live": { kind: "feed-live" },
  reset: { kind: "reset", reason: "collection-gone", moment },
  switch: { kind: "switch" },
  refused: { kind: "refused", problem: denied },
  stop: { kind: "stop" },
} as const satisfies { [Kind in ConnectionEvent["kind"]]: Extract<ConnectionEvent, { kind: Kind }> };

type StateName = keyof typeof states;
type EventName = keyof typeof events;

/** `next: effects`, or `-` for "stays as it is, nothing to do". */
const END = "close cancel-wait";
const table: Record<StateName, Record<EventName, string>> = {
  idle: row({ start: "connecting: open", stop: `closed: ${END}` }),
  connecting: row({
    opened: "catching-up: subscribe",
    lost: "reconnecting: close wait",
    offline: "offline: close wait",
    refused: `refused: ${END}`,
    stop: `closed: ${END}`,
  }),
  "catching-up": row({
    lost: "reconnecting: close wait",
    offline: "offline: close wait",
    received: "catching-up:",
    "caught-up": "live:",
    reset: "resynced: resubscribe",
    switch: "catching-up: resubscribe",
    refused: `refused: ${END}`,
    stop: `closed: ${END}`,
  }),
  live: row({
    lost: "reconnecting: close wait",
    offline: "offline: close wait",
    lag: "live:",
    "feed-stale": "stale:",
    reset: "resynced: resubscribe",
    switch: "switching: resubscribe",
    refused: `refused: ${END}`,
    stop: `closed: ${END}`,
  }),
  stale: row({
    lost: "reconnecting: close wait",
    offline: "offline: close wait",
    "feed-live": "live:",
    reset: "resynced: resubscribe",
    switch: "switching: resubscribe",
    refused: `refused: ${END}`,
    stop: `closed: ${END}`,
  }),
  switching: row({
    lost: "reconnecting: close wait",
    offline: "offline: close wait",
    "caught-up": "live:",
    reset: "resynced: resubscribe",
    switch: "switching: resubscribe",
    refused: `refused: ${END}`,
    stop: `closed: ${END}`,
  }),
  resynced: row({
    lost: "reconnecting: close wait",
    offline: "offline: close wait",
    "caught-up": "live:",
    reset: "reconnecting: close wait",
    switch: "resynced: resubscribe",
    refused: `refused: ${END}`,
    stop: `closed: ${END}`,
  }),
  reconnecting: row({
    due: "connecting: cancel-wait open",
    offline: "offline:",
    online: "connecting: cancel-wait open",
    refused: `refused: ${END}`,
    stop: `closed: ${END}`,
  }),
  offline: row({
    due: "connecting: cancel-wait open",
    online: "connecting: cancel-wait open",
    refused: `refused: ${END}`,
    stop: `closed: ${END}`,
  }),
  refused: row({ start: "connecting: open", stop: `closed: ${END}` }),
  closed: row({ start: "connecting: open" }),
};

function row(cells: Partial<Record<EventName, string>>): Record<EventName, string> {
  const stay = Object.fromEntries(Object.keys(events).map((name) => [name, "-"])) as Record<
    EventName,
    string
  >;
  return { ...stay, ...cells };
}

function taken(state: ConnectionState, event: ConnectionEvent): string {
  const next = transition(state, event);
  const effects = next.effects.map(({ kind }) => kind).join(" ");
  if (next.state === state && effects === "") return "-";
  return `${next.state.kind}: ${effects}`.trim();
}

describe("the connection's transition table", () => {
  const cells = Object.entries(table).flatMap(([state, cellsOfState]) =>
    Object.entries(cellsOfState).map(([event, expected]) => ({ state, event, expected })),
  );

  it("has no hole: every state by every event", () => {
    expect(cells).toHaveLength(Object.keys(states).length * Object.keys(events).length);
  });

  it.each(cells)("$state + $event → $expected", ({ state, event, expected }) => {
    expect(taken(states[state as StateName], events[event as EventName])).toBe(expected);
  });
});

describe("what the states carry (C-CONN)", () => {
  it("C-CONN-1: counts the changes that catching up brought", () => {
    expect(transition(states["catching-up"], events.received).state).toMatchObject({ changes: 10 });
  });

  it("C-CONN-2: waits longer after each attempt that failed, from half to all of 500 ms doubled, at most 15 s", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 40].map((attempt) => {
      const state = { kind: "connecting", attempt: attempt - 1, resync: null } as const;
      const shortest = transition(state, { kind: "lost", cause: "", moment }).effects[1];
      const longest = transition(state, {
        kind: "lost",
        cause: "",
        moment: { ...moment, roll: 1 },
      }).effects[1];
      return [shortest, longest].map((effect) => (effect?.kind === "wait" ? effect.ms : null));
    });
    expect(waits).toEqual([
      [250, 500],
      [500, 1000],
      [1000, 2000],
      [2000, 4000],
      [4000, 8000],
      [7500, 15_000],
      [7500, 15_000],
      [7500, 15_000],
    ]);
  });

  it("C-CONN-2: says when the next attempt is due, which one it is, and why", () => {
    expect(transition(states.connecting, events.lost).state).toEqual({
      kind: "reconnecting",
      attempt: 3,
      dueAt: 2000,
      cause: "cut",
      resync: null,
    });
  });

  it("C-CONN-2: begins to count attempts anew once it was live", () => {
    expect(transition(states.live, events.lost).state).toMatchObject({ attempt: 1 });
  });

  it("C-CONN-3: is offline, and still tries, when the machine says that it has no network", () => {
    const { state, effects } = transition(states.live, { ...events.lost, moment: noNetwork });
    expect(state).toMatchObject({ kind: "offline", dueAt: 1250 });
    expect(effects).toContainEqual({ kind: "wait", ms: 250 });
  });

  it("C-CONN-4: remembers over a cut that what was held is void", () => {
    const cut = transition(states.resynced, events.lost).state;
    expect(cut).toMatchObject({ kind: "reconnecting", resync: "history-lost" });
    const again = transition(cut, events.due).state;
    expect(transition(again, events.opened).state).toMatchObject({
      kind: "resynced",
      reason: "history-lost",
    });
  });

  it("C-CONN-6: is stale, not live, while the server says that its own feed has stopped", () => {
    const { state } = transition(states.live, events["feed-stale"]);
    expect(state).toEqual({ kind: "stale", lag: 12 });
    expect(transition(state, events["feed-live"]).state).toEqual(states.live);
  });

  it("C-CONN-5: backs off when a new snapshot's own history is lost, too", () => {
    expect(transition(states.resynced, events.reset).state).toMatchObject({
      kind: "reconnecting",
      resync: "collection-gone",
      attempt: 3,
    });
  });
});
