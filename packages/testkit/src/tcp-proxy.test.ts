import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** Sends back what it gets. */
interface Target {
  port: number;
  received: string;
  ended: number;
  sockets: Set<Socket>;
  server: Server;
}

let target: Target;
let proxy: TcpProxy;
let clients: Socket[] = [];

beforeEach(async () => {
  target = await startTarget();
  proxy = await startTcpProxy({ port: target.port });
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await proxy.close();
  target.server.close();
});

async function startTarget(): Promise<Target> {
  const server = createServer((socket) => {
    started.sockets.add(socket);
    socket.on("data", (bytes) => {
      started.received += bytes.toString();
      socket.write(bytes);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => (started.ended += 1));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const started: Target = { port, received: "", ended: 0, sockets: new Set(), server };
  return started;
}

interface Client {
  socket: Socket;
  got: () => string;
  outcome: () => string;
}

async function open(port = proxy.port): Promise<Client> {
  const socket = connect(port, "127.0.0.1");
  clients.push(socket);
  let got = "";
  let outcome = "open";
  socket.on("data", (bytes) => (got += bytes.toString()));
  socket.on("error", (error) => (outcome = "code" in error ? String(error.code) : error.message));
  socket.on("end", () => (outcome = "end"));
  await once(socket, "connect");
  return { socket, got: () => got, outcome: () => outcome };
}

describe("a line that is let alone", () => {
  it("carries bytes both ways, in order, more than its window holds", async () => {
    const { socket, got } = await open();
    const text = Array.from({ length: 200_000 }, (_, n) => `${n},`).join("");
    socket.write(text);
    await eventually(() => got().length === text.length);
    expect(got()).toBe(text);
  });

  it("passes on the end of either side, and forgets the connection", async () => {
    const { socket, outcome } = await open();
    await eventually(() => proxy.connections === 1);
    socket.end("bye");
    await eventually(() => outcome() === "end");
    expect(target.received).toBe("bye");
    await eventually(() => proxy.connections === 0);
  });

  it("resets a client when nobody listens at the target", async () => {
    target.server.close();
    await expectReset(open);
  });
});

describe("cut and refuse", () => {
  it("cut resets what is open, at both ends, and takes new connections", async () => {
    const { outcome } = await open();
    await eventually(() => proxy.connections === 1);
    proxy.cut();
    await eventually(() => outcome() === "ECONNRESET");
    const again = await open();
    again.socket.write("hello");
    await eventually(() => again.got() === "hello");
  });

  it("refuse turns new connections away and leaves the open ones, until allow", async () => {
    const before = await open();
    before.socket.write("a");
    await eventually(() => before.got() === "a");
    proxy.refuse();
    await expectReset(open);
    before.socket.write("b");
    await eventually(() => before.got() === "ab");
    proxy.allow();
    const later = await open();
    later.socket.write("c");
    await eventually(() => later.got() === "c");
  });
});

/** The reset may come before the connection is seen as made, or after. */
async function expectReset(connecting: () => Promise<Client>): Promise<void> {
  const outcome = await connecting().then(
    (client) => client.outcome,
    (error: Error) => () => error.message,
  );
  await eventually(() => outcome().includes("ECONNRESET"));
}

/** By the end of it a line that works would have carried what was sent before. */
async function echoPastTheProxy(): Promise<void> {
  const { socket, got } = await open(target.port);
  for (const word of ["a", "b", "c"]) {
    const before = got();
    socket.write(word);
    await eventually(() => got() === before + word);
  }
}

describe("a black hole", () => {
  it("swallows bytes and ends without a sign, and lets them through when the line is back", async () => {
    const { socket, got, outcome } = await open();
    socket.write("before ");
    await eventually(() => got() === "before ");
    proxy.blackHole();
    socket.end("during");
    const other = await open();
    other.socket.write("new");
    await echoPastTheProxy();
    expect(target.received).toBe("before abc");
    expect(outcome()).toBe("open");
    expect(target.ended).toBe(0);
    proxy.allow();
    await eventually(() => got() === "before during" && other.got() === "new");
    await eventually(() => outcome() === "end");
  });

  it("hides a target that died, until the line is back", async () => {
    const { socket, got, outcome } = await open();
    socket.write("x");
    await eventually(() => got() === "x");
    proxy.blackHole();
    for (const each of target.sockets) each.resetAndDestroy();
    await echoPastTheProxy();
    expect(outcome()).toBe("open");
    proxy.allow();
    await eventually(() => outcome() === "ECONNRESET");
  });

  it("holds no more than its window: what is beyond waits at the sender", async () => {
    proxy.blackHole();
    const { socket, got } = await open();
    const text = "x".repeat(16 * 1024 * 1024);
    socket.write(text);
    await echoPastTheProxy();
    expect(socket.writableLength).toBeGreaterThan(0);
    proxy.allow();
    await eventually(() => got().length === text.length);
  });
});

describe("delay and throttle", () => {
  it("delays each way, keeps the order, and does not add up over the bytes of a burst", async () => {
    const { socket, got } = await open();
    proxy.delay(60);
    const start = performance.now();
    for (const word of ["one ", "two ", "three"]) {
      socket.write(word);
    }
    await eventually(() => got() === "one two three");
    expect(performance.now() - start).toBeGreaterThanOrEqual(119);
  });

  it("throttles each way to its bytes a second", async () => {
    const { socket, got } = await open();
    proxy.throttle(100_000);
    const start = performance.now();
    socket.write(Buffer.alloc(30_000, "x"));
    await eventually(() => got().length === 30_000);
    expect(performance.now() - start).toBeGreaterThanOrEqual(250);
  });

  it("ends at allow, also for what is on its way", async () => {
    const { socket, got } = await open();
    proxy.delay(3_600_000);
    socket.write("slow");
    await eventually(() => proxy.connections === 1);
    proxy.allow();
    await eventually(() => got() === "slow");
  });
});

describe("close", () => {
  it("resets what is open, frees its port, and may come twice", async () => {
    const { outcome } = await open();
    await eventually(() => proxy.connections === 1);
    await proxy.close();
    await proxy.close();
    await eventually(() => outcome() === "ECONNRESET");
    await expect(open(proxy.port)).rejects.toThrow("ECONNREFUSED");
  });
});
