import { eventually } from "@live-orders/testkit/eventually";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOnMemory, type MemoryServer } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";
import { EventStreamClient } from "../../test/event-stream-client.ts";
import { SocketClient } from "../../test/socket-client.ts";

let server: MemoryServer;
beforeEach(async () => {
  server = await startOnMemory({ relayLimits: { staleMs: 300 } });
});
afterEach(() => server.dispose());

const isReady = async (): Promise<boolean> => (await call(server.url, "GET", "/readyz")).status === 200;

describe("a feed that falls silent behind connections that stand", () => {
  it("is told to every socket and stream, those that come meanwhile too, and so is its return", async () => {
    const socket = new SocketClient(server.url);
    await socket.watch({ statuses: ["pending"] });
    const stream = await EventStreamClient.open(`${server.url}/api/changes/stream`);
    const toldOf = ({ events }: EventStreamClient): unknown[] =>
      events.filter(({ event }) => event === "feed").map(({ data }) => data);
    server.silence(true);
    await eventually(() => expect([socket.feed, toldOf(stream)]).toEqual([["stale"], [{ state: "stale" }]]));
    expect(await isReady()).toBe(false);

    const later = new SocketClient(server.url);
    expect(await later.watch({ statuses: ["pending"] })).toMatchObject({ ok: true });
    await eventually(() => expect(later.feed).toEqual(["stale"]));
    server.silence(false);
    await eventually(() => {
      expect([socket.feed, later.feed]).toEqual([
        ["stale", "live"],
        ["stale", "live"],
      ]);
      expect(toldOf(stream)).toEqual([{ state: "stale" }, { state: "live" }]);
    });
    expect(await isReady()).toBe(true);
    for (const reader of [socket, later, stream]) reader.close();
  });

  it("ends a poll that waits, and answers none as if nothing had happened: unavailable", async () => {
    const { cursor } = (await call(server.url, "GET", "/api/changes")).json() as { cursor: string };
    const wait = `/api/changes?after=${encodeURIComponent(cursor)}&wait=30`;
    const waiting = call(server.url, "GET", wait);
    server.silence(true);
    expect((await waiting).problem().slug).toBe("unavailable");
    server.database.commit([]);
    expect((await call(server.url, "GET", wait)).problem().slug).toBe("unavailable");
  });
});
