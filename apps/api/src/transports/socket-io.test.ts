import type { Order } from "@live-orders/protocol/order";
import { eventually } from "@live-orders/testkit/eventually";
import { io } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOnMemory } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";
import { SocketClient } from "../../test/socket-client.ts";

let server: Awaited<ReturnType<typeof startOnMemory>>;
let clients: SocketClient[];
beforeEach(async () => {
  clients = [];
  server = await startOnMemory({ callers: { allowedOrigins: ["https://partner.example"] } });
});
afterEach(async () => {
  for (const client of clients) client.close();
  await server.dispose();
});

const connect = (): SocketClient => {
  const client = new SocketClient(server.url);
  clients.push(client);
  return client;
};

let lastId = 0;
const insert = (status: Order["status"] = "pending"): Order => {
  lastId += 1;
  const after = {
    id: lastId,
    customer_name: "Ada",
    product_name: "Chair",
    status,
    updated_at: new Date().toISOString(),
  };
  server.database.commit([{ kind: "insert", after }]);
  return after;
};
const move = (before: Order, status: Order["status"]): Order => {
  const after = { ...before, status };
  server.database.commit([{ kind: "update", before, after }]);
  return after;
};

describe("watch", () => {
  it("sends an order's arrival and its leave to the rooms of the status before and after", async () => {
    const pending = connect();
    const shipped = connect();
    await Promise.all([pending.watch({ statuses: ["pending"] }), shipped.watch({ statuses: ["shipped"] })]);
    const order = insert("pending");
    move(move(order, "shipped"), "delivered");
    await eventually(() => shipped.changes.length === 2 && pending.changes.length === 2);
    expect(pending.changes.map(({ op, after }) => [op, after?.status])).toEqual([
      ["insert", "pending"],
      ["update", "shipped"],
    ]);
    expect(shipped.changes.map(({ before, after }) => [before?.status, after?.status])).toEqual([
      ["pending", "shipped"],
      ["shipped", "delivered"],
    ]);
  });

  it("sends one message a batch to a watcher of several statuses", async () => {
    const client = connect();
    await client.watch({ statuses: ["shipped", "pending", "pending"] });
    move(insert("pending"), "shipped");
    await eventually(() => client.changes.length === 2);
    expect(new Set(client.changes.map(({ position }) => position)).size).toBe(2);
  });

  it("with after replays all that was missed before its acknowledgement", async () => {
    const client = connect();
    const first = await client.watch({ statuses: ["pending"] });
    if (!first.ok) throw new Error("refused");
    await client.unwatch();
    for (let count = 0; count < 1200; count += 1) insert();
    const second = await client.watch({ statuses: ["pending"], after: first.cursor });
    expect(second).toMatchObject({ ok: true, replayed: 1200 });
    expect(client.batchesAtAck).toBe(client.batches.length);
    expect(client.changes).toHaveLength(1200);
  });

  it("whose history is gone says so in its acknowledgement, and is live from its cursor", async () => {
    const client = connect();
    const first = await client.watch({ statuses: ["pending"] });
    if (!first.ok) throw new Error("refused");
    server.database.drop();
    const second = await client.watch({ statuses: ["pending"], after: first.cursor });
    expect(second).toMatchObject({ ok: true, reset: "history-lost" });
    const order = insert();
    await eventually(() => client.changes.at(-1)?.id === order.id);
  });

  it("under way is ended by a later one: replaced, 409", async () => {
    const client = connect();
    const [first, second] = await Promise.all([
      client.watch({ statuses: ["pending"] }),
      client.watch({ statuses: ["shipped"] }),
    ]);
    expect(first).toMatchObject({ ok: false, problem: { type: "urn:live-orders:replaced", status: 409 } });
    expect(second.ok).toBe(true);
    insert("pending");
    const seen = insert("shipped");
    await eventually(() => client.changes.length > 0);
    expect(client.changes.map(({ id }) => id)).toEqual([seen.id]);
  });
});

describe("unwatch", () => {
  it("ends it: nothing follows its acknowledgement", async () => {
    const client = connect();
    const other = connect();
    await Promise.all([client, other].map((each) => each.watch({ statuses: ["pending"], counts: true })));
    await client.unwatch();
    const [batches, counts] = [client.batches.length, client.counts.length];
    insert();
    await eventually(() => other.changes.length === 1 && other.counts.at(-1)?.pending === 1);
    // Its own connection is in order: what was sent before this answer has come.
    await client.unwatch();
    expect([client.batches.length, client.counts.length]).toEqual([batches, counts]);
  });
});

describe("a reset", () => {
  it("is told to live watchers when the collection is gone, and the feed goes on", async () => {
    const client = connect();
    await client.watch({ statuses: ["pending"], counts: true });
    insert();
    await eventually(() => client.changes.length === 1);
    server.database.drop();
    await eventually(() => client.resets.length === 1);
    expect(client.resets[0]?.reason).toBe("collection-gone");
    const order = insert();
    await eventually(() => client.changes.at(-1)?.id === order.id);
    await eventually(() => client.counts.at(-1)?.total === 1, { within: 5000 });
  });
});

describe("counts", () => {
  it("come at once and follow the feed, at most once a second", async () => {
    insert("shipped");
    const client = connect();
    const times: number[] = [];
    client.socket.on("counts", () => times.push(performance.now()));
    await client.watch({ statuses: ["delivered"], counts: true });
    await eventually(() => client.counts.length === 1);
    expect(client.counts[0]).toMatchObject({ pending: 0, shipped: 1, delivered: 0, total: 1 });
    for (let count = 0; count < 30; count += 1) move(insert("pending"), "delivered");
    await eventually(() => client.counts.at(-1)?.delivered === 30);
    expect(client.counts.at(-1)).toMatchObject({ pending: 0, shipped: 1, delivered: 30, total: 31 });
    // A timer of 1,000 ms may end a fraction of a millisecond early.
    for (const [index, time] of times.slice(1).entries())
      expect(time - (times[index] ?? 0)).toBeGreaterThan(900);
  });

  it("are for those who asked", async () => {
    const [asking, other] = [connect(), connect()];
    await Promise.all([
      asking.watch({ statuses: ["pending"], counts: true }),
      other.watch({ statuses: ["pending"] }),
    ]);
    insert();
    await eventually(() => asking.counts.at(-1)?.pending === 1);
    expect(other.counts).toEqual([]);
  });
});

describe("a bad payload", () => {
  it.each([
    undefined,
    null,
    7,
    "pending",
    [],
    {},
    { statuses: [] },
    { statuses: ["gone"] },
    { statuses: "pending" },
    { statuses: ["pending"], after: 5 },
    { statuses: ["pending"], after: "" },
    { statuses: ["pending"], after: "1~x~y~00000000" },
    { statuses: ["pending"], after: "x".repeat(10_000) },
    { statuses: ["pending"], counts: false },
    { statuses: ["pending"], extra: 1 },
    { statuses: { $ne: 1 } },
    Buffer.from("binary"),
  ])("is answered with a validation problem, and changes nothing: %j", async (payload) => {
    const client = connect();
    await client.watch({ statuses: ["pending"] });
    const ack = await client.watch(payload);
    expect(ack).toMatchObject({ ok: false, problem: { type: "urn:live-orders:validation" } });
    const order = insert();
    await eventually(() => client.changes.at(-1)?.id === order.id);
  });

  it("of more than 64 KiB is too-large", async () => {
    const client = connect();
    for (const size of [70_000, 3_000_000]) {
      const ack = await client.watch({ statuses: ["pending"], after: "x".repeat(size) });
      expect(ack).toMatchObject({ ok: false, problem: { type: "urn:live-orders:too-large", status: 413 } });
    }
  });

  it("or an unknown event, without a function to answer by, is passed over", async () => {
    const client = connect();
    client.socket.emit("watch");
    client.socket.emit("watch", { statuses: 1 });
    client.socket.emit("unwatch", "x");
    client.socket.emit("error", { message: "x" });
    client.socket.emit("constructor");
    client.socket.emit("__proto__", {});
    expect((await client.watch({ statuses: ["pending"] })).ok).toBe(true);
  });
});

it("events beyond a burst of 200 are answered with rate-limited", async () => {
  const client = connect();
  const acks = await Promise.all(Array.from({ length: 300 }, () => client.unwatch()));
  const refused = acks.filter((ack) => !ack.ok);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ problem: { type: "urn:live-orders:rate-limited", status: 429 } });
});

describe("a handshake", () => {
  const handshake = (origin: string) =>
    new Promise<string>((resolve) => {
      const socket = io(server.url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        extraHeaders: { Origin: origin },
      });
      const done = (outcome: string) => () => {
        socket.close();
        resolve(outcome);
      };
      socket.once("connect", done("connected"));
      socket.once("connect_error", done("refused"));
    });

  it("is refused from another site, let in from the page's own and from ALLOWED_ORIGINS", async () => {
    expect(await handshake("https://evil.example")).toBe("refused");
    expect(await handshake("http://localhost:1")).toBe("refused");
    expect(await handshake(server.url)).toBe("connected");
    expect(await handshake("https://partner.example")).toBe("connected");
  });

  it("that is refused is told why by a forbidden problem", async () => {
    const answer = await call(server.url, "GET", "/socket.io/?EIO=4&transport=websocket", {
      headers: { Origin: "https://evil.example" },
    });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ type: "urn:live-orders:forbidden" });
  });
});

it("a stop ends the connections in a way after which clients come back by themselves", async () => {
  const client = connect();
  await client.watch({ statuses: ["pending"] });
  const reason = new Promise((resolve) => client.socket.once("disconnect", resolve));
  await server.application.stop();
  expect(await reason).toBe("transport close");
});
