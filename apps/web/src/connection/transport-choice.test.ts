import type { FeedTransport, FeedTransportEvents } from "@live-orders/client/feed-transport";
import type { TransportName } from "@live-orders/client/transport-name";
import { expect, it } from "vitest";
import { TransportSetting } from "./transport-choice.ts";

const ACK = { ok: true, position: "p", cursor: "c", replayed: 0 } as const;

function setting(kept: Map<string, string>, blocked: readonly TransportName[] = []) {
  const asked: string[] = [];
  const make = (name: TransportName) => (): FeedTransport => ({
    name,
    open: (events: FeedTransportEvents) => {
      asked.push(name);
      queueMicrotask(() => {
        if (blocked.includes(name)) events.lost("blocked");
        else events.opened();
      });
      return {
        watch: (_watch, done) => {
          done(ACK);
        },
        unwatch: (done) => {
          done({ ok: true });
        },
        close: () => undefined,
      };
    },
  });
  const made = new TransportSetting(
    { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
    { "socket.io": make("socket.io"), sse: make("sse"), "long-poll": make("long-poll"), poll: make("poll") },
  );
  const connect = () =>
    new Promise<void>((resolve) => {
      const connection = made.transport().open({
        opened: () => {
          connection.watch({ statuses: ["pending"] }, () => {
            resolve();
          });
        },
        changes: () => undefined,
        counts: () => undefined,
        reset: () => undefined,
        feed: () => undefined,
        lost: () => undefined,
      });
    });
  return { made, asked, connect };
}

it("tries the transports in order unless one was chosen, and tells which one is in use", async () => {
  const { made, asked, connect } = setting(new Map(), ["socket.io", "sse"]);
  let told = 0;
  made.subscribe(() => (told += 1));
  await connect();
  expect([asked, made.used(), made.choice(), told]).toEqual([
    ["socket.io", "sse", "long-poll"],
    "long-poll",
    "auto",
    1,
  ]);
  made.choose("poll");
  await connect();
  expect([asked.at(-1), made.used()]).toEqual(["poll", "poll"]);
});

it("keeps the choice, and takes what it cannot understand for none", () => {
  const kept = new Map<string, string>();
  setting(kept).made.choose("sse");
  expect(setting(kept).made.choice()).toBe("sse");
  for (const key of kept.keys()) kept.set(key, "carrier pigeon");
  expect(setting(kept).made.choice()).toBe("auto");
});
