import { STATUSES } from "@live-orders/protocol/status";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cursorAt } from "./fake/order-history.ts";
import { FakeOrdersServer } from "./fake/orders-server.ts";
import { Feed } from "./feed.ts";
import { createOrdersApi } from "./orders-api.ts";
import { longPollTransport, pollTransport } from "./polling-transport.ts";
import { socketIoTransport } from "./socket-io-transport.ts";
import { sseTransport } from "./sse-transport.ts";

let server: FakeOrdersServer;
let feed: Feed;
let taken: string[];

beforeEach(async () => {
  server = new FakeOrdersServer();
  await server.start();
  taken = [];
});

afterEach(async () => {
  feed.stop();
  await server.stop();
});

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });
const apiOf = () => createOrdersApi({ baseUrl: server.url });
const transports = {
  "Socket.IO": () => socketIoTransport({ url: server.url }),
  "Server-Sent Events": () => sseTransport({ baseUrl: server.url, api: apiOf() }),
  "long poll": () => longPollTransport({ api: apiOf(), wait: 2 }),
  poll: () => pollTransport({ api: apiOf(), interval: 20 }),
};
type Name = keyof typeof transports;

/** A reader of everything since before the first change. */
function follow(name: Name): void {
  feed = new Feed({
    transport: transports[name](),
    random: () => 0,
    consumer: {
      begin: () =>
        Promise.resolve({ ok: true, value: { statuses: STATUSES, after: cursorAt("p000000000000") } }),
      apply: ({ changes }) => void taken.push(...changes.map(({ position }) => position)),
    },
  });
  feed.start();
}

const positions = () => server.history.changes.map(({ position }) => position);
const caughtUp = () =>
  eventually(() => {
    expect(taken).toEqual(positions());
  });

describe.each(Object.keys(transports) as Name[])("the feed over %s", (name) => {
  it("C-FEED-11: brings each change once and in commit order, through cuts", async () => {
    for (let count = 0; count < 20; count += 1) server.insert();
    follow(name);
    for (let cuts = 0; cuts < 3; cuts += 1) {
      await caughtUp();
      server.insert();
      server.cut();
      for (let count = 0; count < 30; count += 1) server.insert();
      feed.reconnectNow();
    }
    await caughtUp();
    await eventually(() => {
      expect(feed.state().kind).toBe("live");
    });
  });

  it("C-FEED-12: says why the server refuses, and does not ask again", async () => {
    server.fate = ({ path }) => (path.startsWith("/api/changes") ? "not-valid" : "answer");
    server.refuseWatches = true;
    follow(name);
    await eventually(() => {
      expect(feed.state()).toMatchObject({ kind: "refused", problem: { status: 400 } });
    });
  });

  it("C-FEED-12: tries again while the server is not able to", async () => {
    let left = 2;
    server.fate = ({ path }) => (path.startsWith("/api/changes") && left-- > 0 ? "unavailable" : "answer");
    server.insert();
    follow(name);
    await caughtUp();
  });
});

describe("a message that is not of the contract", () => {
  it.each(["changes", "counts", "reset"])(
    "C-FEED-13: %s ends the connection, and the next one goes on",
    async (event) => {
      server.insert();
      follow("Socket.IO");
      await caughtUp();
      const watches = server.watches;
      server.sendRaw(event, { position: 7 });
      await eventually(() => {
        expect(server.watches).toBe(watches + 1);
      });
      server.insert();
      await caughtUp();
    },
  );
});

describe("another transport in mid-stream", () => {
  it("C-FEED-14: nothing is lost and nothing doubled while 2,000 changes are made", async () => {
    follow("Socket.IO");
    const order: Name[] = ["Server-Sent Events", "poll", "Socket.IO", "long poll", "Socket.IO"];
    for (let count = 0; count < 2000; count += 1) {
      server.insert();
      const next = count % 333 === 332 ? order.shift() : undefined;
      if (next !== undefined) feed.useTransport(transports[next]());
      // Lets the sockets have their turn.
      if (count % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await caughtUp();
    expect(taken).toHaveLength(2000);
  });
});
