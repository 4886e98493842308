import { eventually } from "@live-orders/testkit/eventually";
import { Server as EngineServer, type Socket as EngineSocket } from "engine.io";
import fc from "fast-check";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientFrame } from "../../test/client-frame.ts";
import { FrameEngine } from "./frame-engine.ts";

/** In bytes. */
const MAX_PAYLOAD = 400;
const NOTHING = Buffer.alloc(0);

/** A server on a port of its own. */
class Host {
  readonly #http: Server;
  readonly #engine: EngineServer;

  constructor(engine: EngineServer) {
    this.#engine = engine;
    // What it sends is compared.
    engine.generateId = () => "the-same-id";
    this.#http = createServer();
    engine.attach(this.#http, { path: "/socket.io/" });
  }

  async listen(): Promise<void> {
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
  }

  close(): void {
    this.#http.close();
  }

  /** `early` comes in one piece with the request. */
  async open(early: Buffer = NOTHING): Promise<Opened> {
    const messages: unknown[] = [];
    const connected = new Promise<EngineSocket>((resolve) => {
      this.#engine.once("connection", (socket: EngineSocket) => {
        socket.on("message", (data: unknown) => messages.push(data));
        resolve(socket);
      });
    });
    const client = connect((this.#http.address() as AddressInfo).port, "127.0.0.1");
    const received: Buffer[] = [];
    client.on("data", (bytes: Buffer) => received.push(bytes));
    client.on("error", () => undefined);
    client.write(Buffer.concat([Buffer.from(REQUEST), early]));
    const engineSocket = await connected;
    const served = engineSocket.request.socket;
    return { engineSocket, served, client, messages, received: () => Buffer.concat(received) };
  }
}

const REQUEST =
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n" +
  "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

interface Opened {
  readonly engineSocket: EngineSocket;
  /** The server's end. */
  readonly served: Socket;
  readonly client: Socket;
  readonly messages: readonly unknown[];
  readonly received: () => Buffer;
}

let ours: Host;
let usual: Host;
beforeAll(async () => {
  const options = { maxHttpBufferSize: MAX_PAYLOAD };
  ours = new Host(new FrameEngine(options));
  usual = new Host(new EngineServer({ ...options, transports: ["websocket"] }));
  await Promise.all([ours.listen(), usual.listen()]);
});
afterAll(() => {
  ours.close();
  usual.close();
});

/** What a server made of these pieces, which reach it one by one before the client is gone, and what it sent. */
async function account(host: Host, pieces: readonly Buffer[]): Promise<object> {
  const { engineSocket, served, client, messages, received } = await host.open();
  let end: unknown;
  engineSocket.on("message", (data: unknown) => engineSocket.send(data as string));
  engineSocket.on("close", (why: string, how: unknown) => {
    end = [why, how instanceof Error ? how.message : null];
  });
  let read = served.bytesRead;
  for (const piece of pieces) {
    if (served.destroyed || !client.writable) break;
    client.write(piece);
    read += piece.length;
    await eventually(() => served.bytesRead >= read || served.destroyed || served.readableEnded);
  }
  client.end();
  await eventually(() => end !== undefined && client.destroyed);
  return { messages, end, sent: received().toString("latin1") };
}

const payload = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => `4${text}`) },
  { weight: 1, arbitrary: fc.constantFrom("3", "2probe", "1", "6", "b", "") },
  {
    weight: 1,
    arbitrary: fc.string({ minLength: 120, maxLength: MAX_PAYLOAD + 40 }).map((text) => `4${text}`),
  },
);
const frame = fc.oneof(
  { weight: 8, arbitrary: fc.record({ payload }) },
  { weight: 2, arbitrary: fc.record({ payload, opcode: fc.constantFrom(0, 1, 2), final: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ payload, opcode: fc.constantFrom(9, 10) }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { payload: "", opcode: 8 },
      { payload: Buffer.from([0x03, 0xe8, 0x6f, 0x6b]), opcode: 8 },
      { payload: Buffer.from([0x03, 0xed]), opcode: 8 },
      { payload: Buffer.from([0x34, 0xc3, 0x28]) },
      { payload: "4a", mask: null },
      { payload: "4a", reserved: 0x40 },
      { payload: "4a", opcode: 3 },
    ),
  },
);
const frames = fc.array(frame, { minLength: 1, maxLength: 6 }).map((list) => list.map(clientFrame));
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });

/** As whole frames if there are no cuts. */
function piecesOf(list: readonly Buffer[], at: readonly number[]): Buffer[] {
  if (at.length === 0) return [...list];
  const bytes = Buffer.concat(list);
  const ends = [...at.map((share) => Math.round(share * bytes.length)), bytes.length].sort((a, b) => a - b);
  return ends
    .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
    .filter((piece) => piece.length > 0);
}

describe("the transport by frames", () => {
  it("does and sends what Engine.IO's own does and sends, whatever the client sends, and however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(frames, cuts, async (list, at) => {
        const pieces = piecesOf(list, at);
        expect(await account(ours, pieces)).toEqual(await account(usual, pieces));
      }),
      { numRuns: 150 },
    );
  });

  it("leaves the connection to ws when the client sends anything but whole texts, and not before", async () => {
    const { served, client, messages, received } = await ours.open();
    const listeners = served.listeners("data");
    client.write(Buffer.concat([clientFrame({ payload: "4one" }), clientFrame({ payload: "4two" })]));
    await eventually(() => messages.length === 2);
    expect(served.listeners("data")).toEqual(listeners);
    client.write(clientFrame({ payload: "three", opcode: 9 }));
    await eventually(() => received().includes("three"));
    expect(served.listeners("data")).not.toEqual(listeners);
    client.write(clientFrame({ payload: "4four" }));
    await eventually(() => messages.length === 3);
    expect(messages).toEqual(["one", "two", "four"]);
    client.destroy();
  });

  it("reads what came in one piece with the request", async () => {
    const { client, messages } = await ours.open(clientFrame({ payload: "4early" }));
    await eventually(() => messages.length === 1);
    expect(messages).toEqual(["early"]);
    client.destroy();
  });

  it("sends what is binary, as the protocol has it", async () => {
    const { engineSocket, client, received } = await ours.open();
    engineSocket.send(Buffer.from([1, 2, 3]));
    await eventually(() => received().includes(Buffer.from([0x82, 3, 1, 2, 3])));
    client.destroy();
  });

  it.each([
    ["by its own frames", NOTHING],
    ["by ws", clientFrame({ payload: "", opcode: 9 })],
  ])(
    "asks for signs of life as the client was told, and ends it when none comes, %s",
    async (_how, early) => {
      const pingInterval = 500;
      const host = new Host(
        new FrameEngine({ maxHttpBufferSize: MAX_PAYLOAD, pingInterval, pingTimeout: 300 }),
      );
      await host.listen();
      const { engineSocket, client, messages, received } = await host.open(early);
      await eventually(() => received().includes('"pingInterval":500,"pingTimeout":300'));
      const closed = once(engineSocket, "close");
      const pings = () => received().toString("latin1").split("\x81\x012").length - 1;
      await eventually(() => pings() === 1);
      client.write(clientFrame({ payload: "3" }));
      await eventually(() => pings() === 2);
      client.write(clientFrame({ payload: "4any" }));
      await eventually(() => pings() === 3);
      expect((await closed)[0]).toBe("transport close");
      await eventually(() => client.destroyed);
      expect([messages, pings()]).toEqual([["any"], 3]);
      host.close();
    },
  );

  it("says goodbye when it is closed here", async () => {
    const { engineSocket, client, received } = await ours.open();
    const closed = once(engineSocket, "close");
    engineSocket.close();
    await eventually(() => received().includes(Buffer.from([0x88])));
    expect(await closed).toEqual(["forced close", undefined]);
    client.destroy();
  });

  it("ends when the client is gone without a word", async () => {
    const { engineSocket, client } = await ours.open();
    const closed = once(engineSocket, "close");
    client.destroy();
    expect((await closed)[0]).toBe("transport close");
  });
});
