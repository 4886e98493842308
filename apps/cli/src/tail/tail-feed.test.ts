import type { FeedTransport, FeedTransportEvents } from "@live-orders/client/feed-transport";
import { problem } from "@live-orders/protocol/problem";
import type { Watch, WatchAck } from "@live-orders/protocol/socket-events";
import { describe, expect, it } from "vitest";
import { CliFailure } from "../terminal/cli-failure.ts";
import { tailFeed, type TailOptions } from "./tail-feed.ts";

const change = (position: string) => ({
  position,
  op: "delete" as const,
  id: 1,
  before: null,
  after: null,
  at: "2020-01-01T00:00:00.000Z",
});
const batch = (cursor: string, ...positions: string[]) => ({
  changes: positions.map(change),
  position: cursor,
  cursor,
});
const ack = (cursor: string): WatchAck => ({ ok: true, position: cursor, cursor, replayed: 0 });

/** What a server does on one connection: nothing (it refuses), or answers the watch and sends. */
type Connection = null | ((watch: Watch, events: FeedTransportEvents, done: (ack: WatchAck) => void) => void);

/** Follows over one connection after the other; the tail is ended when there are none left. */
async function follow(connections: readonly Connection[], other: Partial<TailOptions> = {}) {
  const stop = new AbortController();
  const left = [...connections];
  const watches: Watch[] = [];
  const seen: unknown[] = [];
  const transport: FeedTransport = {
    name: "scripted",
    open: (events) => {
      const connection = left.shift();
      if (connection === undefined) stop.abort();
      setImmediate(() => {
        if (connection) events.opened();
        else events.lost("refused");
      });
      return {
        watch: (watch, done) => {
          watches.push(watch);
          connection?.(watch, events, done);
        },
        unwatch: (done) => {
          done({ ok: true });
        },
        close: () => undefined,
      };
    },
  };
  const clock = {
    now: () => 0,
    after: (ms: number, run: () => void) => {
      // The waits between two tries pass at once; time-outs never do.
      if (ms < 20_000) setImmediate(run);
      return () => undefined;
    },
  };
  const sink = {
    changes: (changes: readonly { position: string }[], before: string, after: string) => {
      seen.push([changes.map(({ position }) => position).join(), before, after]);
      return Promise.resolve();
    },
    reset: (reason: string, cursor: string) => {
      seen.push([reason, cursor]);
      return Promise.resolve();
    },
    lost: (cause: string) => seen.push(`lost: ${cause}`),
    back: () => seen.push("back"),
  };
  const explain = (cause: string) => Promise.resolve(new CliFailure("failed", cause));
  const options = { transport, statuses: ["pending" as const], from: undefined, seen: undefined, explain };
  await tailFeed({ ...options, sink, signal: stop.signal, clock, random: () => 0, ...other });
  return { seen, watches };
}

describe("a tail", () => {
  it("hands on each batch with the cursors before and behind it", async () => {
    const { seen, watches } = await follow([
      (_, events, done) => {
        done(ack("a"));
        events.changes(batch("b", "a1", "a2"));
        events.changes(batch("c", "b1"));
        setImmediate(() => {
          events.lost("gone");
        });
      },
    ]);
    expect(seen).toEqual([["", "a", "a"], ["a1,a2", "a", "b"], ["b1", "b", "c"], "lost: gone"]);
    expect(watches).toEqual([{ statuses: ["pending"] }]);
  });

  it("goes on from its cursor over restarts, and tells each outage once", async () => {
    const { seen, watches } = await follow([
      (_, events, done) => {
        done(ack("a"));
        setImmediate(() => {
          events.lost("gone");
        });
      },
      null,
      null,
      (_, events, done) => {
        events.changes(batch("b", "a1"));
        done(ack("b"));
        setImmediate(() => {
          events.lost("gone again");
        });
      },
    ]);
    expect(seen).toEqual([
      ["", "a", "a"],
      "lost: gone",
      ["a1", "a", "b"],
      ["", "b", "b"],
      "back",
      "lost: gone again",
    ]);
    expect(watches.map(({ after }) => after)).toEqual([undefined, "a"]);
  });

  it("begins behind a cursor, without what was seen", async () => {
    const connection: Connection = (_, events, done) => {
      events.changes(batch("3", "1", "2", "3"));
      done(ack("3"));
      setImmediate(() => {
        events.lost("gone");
      });
    };
    const { seen, watches } = await follow([connection], { from: "a", seen: "2" });
    expect(watches[0]?.after).toBe("a");
    expect(seen[0]).toEqual(["3", "a", "3"]);
  });

  it("tells that history is lost, and goes on from the cursor that it is given", async () => {
    const { seen, watches } = await follow(
      [
        (watch, events, done) => {
          if (watch.after === "old")
            done({ ok: true, position: "n", cursor: "n", replayed: 0, reset: "history-lost" });
          else {
            done(ack("n"));
            events.changes(batch("o", "n1"));
            setImmediate(() => {
              events.lost("gone");
            });
          }
        },
      ],
      { from: "old" },
    );
    expect(seen).toEqual([["history-lost", "n"], ["", "n", "n"], ["n1", "n", "o"], "lost: gone"]);
    expect(watches.map(({ after }) => after)).toEqual(["old", "n"]);
  });

  it("fails when the server can't be reached at first, or refuses", async () => {
    await expect(follow([null])).rejects.toThrow("refused");
    const refuse: Connection = (_, _events, done) => {
      done({ ok: false, problem: problem("validation", { detail: "no cursor", requestId: "" }) });
    };
    await expect(follow([refuse])).rejects.toThrow("no cursor");
  });
});
