import { once } from "node:events";
import { connect } from "node:net";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import { RawSocket } from "../raw-socket.ts";
import type { Fault } from "../trial.ts";

const LANES = 16;

export const fuzzedFrames: Fault = {
  number: 17,
  name: "100,000 fuzzed Socket.IO and HTTP frames",
  passesWhen: "no crash, no leak, no effect",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({});
    const node = stage.node(0);
    const readers = await stage.readers({ count: 8 });
    // Of the first frames the heap keeps what V8 compiles for them, which is no leak.
    await sendAll(node.api.url, stage.random, trial.by(10_000, 2_000));
    const footprint = await trial.footprint(stage.nodes);
    const pid = node.api.pid();
    const frames = trial.by(100_000, 4_000);
    const reopened = await sendAll(node.api.url, stage.random, frames);
    measures.note("frames", frames);
    measures.note("connections that the server ended for theirs", reopened);
    measures.exactly("processes", node.api.pid() === pid ? 1 : 2, 1);
    const standing = await stage.database.orders();
    measures.exactly("orders", standing.size, stage.before.size);
    await trial.check(stage, readers, { acknowledged: [], unknown: 0, refused: 0, heldBack: 0 });
    measures.exactly("changes", (await stage.database.log()).length, 0);
    measures.none("resets", readers.resets);
    await trial.checkFootprint(stage.nodes, footprint);
  },
};

/** Half of them over Socket.IO, half over HTTP. Returns how many connections were ended by the server. */
async function sendAll(url: string, random: SeededRandom, count: number): Promise<number> {
  const lanes = Array.from({ length: LANES }, (_, lane) => {
    const own = random.fork();
    return lane % 2 === 0 ? fuzzSockets(url, own, count / LANES) : fuzzHttp(url, own, count / LANES);
  });
  return (await Promise.all(lanes)).reduce((sum, ended) => sum + ended, 0);
}

async function fuzzSockets(url: string, random: SeededRandom, count: number): Promise<number> {
  let ended = 0;
  let socket = await RawSocket.open(url, "connected");
  for (let sent = 0; sent < count; sent += 1) {
    if (!socket.isOpen) {
      ended += 1;
      socket = await RawSocket.open(url, "connected");
    }
    await socket.send(socketFrame(random));
  }
  socket.close();
  return ended;
}

async function fuzzHttp(url: string, random: SeededRandom, count: number): Promise<number> {
  for (let sent = 0; sent < count; sent += 1) {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.end(httpFrame(random));
    socket.resume();
    await once(socket, "close");
  }
  return count;
}

const WORDS = [
  "watch",
  "unwatch",
  "changes",
  "reset",
  "counts",
  "disconnect",
  "error",
  "connect",
  "__proto__",
  "",
];
const VALUES = [
  null,
  {},
  [],
  0,
  -1,
  1e308,
  "",
  "pending",
  "\ud800",
  { statuses: [] },
  { statuses: "pending" },
  { statuses: ["gone"] },
  { statuses: ["pending"], after: "x" },
  { statuses: ["pending"], after: { $gt: "" } },
  { statuses: ["pending"], __proto__: { admin: true } },
  { statuses: ["pending"], counts: 1 },
  { _placeholder: true, num: 0 },
];

/** A frame of the protocol with something wrong in it, or bytes that are none. None asks for a write: there is no such event. */
function socketFrame(random: SeededRandom): string | Buffer {
  if (random.chance(0.2)) return bytes(random, 40);
  const payload = JSON.stringify([random.pick(WORDS), ...some(random, 3, () => random.pick(VALUES))]);
  const head = random.pick([
    "42",
    "42",
    "42",
    "43",
    "451-",
    "4",
    "40",
    "41",
    "44",
    "2",
    "3",
    "5",
    "6",
    "9",
    "42/admin,",
  ]);
  const frame = `${head}${random.chance(0.5) ? random.int(0, 1e9) : ""}${payload}`;
  return random.chance(0.3) ? frame.slice(0, random.int(0, frame.length)) : frame;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "\0"];
/** None names an order that stands: a removal of it would be none of a fuzzer's doing. */
const PATHS = [
  "/api/orders",
  "/api/orders/999999",
  "/api/orders/0x1",
  "/api/orders/bulk",
  "/api/changes",
  "/api/changes?after=%00",
  "/api/orders?status=gone",
  "/api/orders?limit=-1",
  "/socket.io/?EIO=4&transport=websocket",
  "/socket.io/?EIO=99",
  "/../../etc/passwd",
  "/%",
  "*",
];
const HEADERS = [
  "Content-Length: 5",
  "Content-Length: -1",
  "Content-Length: 99999999999",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: gzip, chunked",
  "Content-Type: application/json",
  "Content-Type: text/plain",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: x",
  "If-None-Match: *",
  "If-Match: x",
  "Idempotency-Key: \x7f",
  "Last-Event-ID: x",
  `X-Long: ${"x".repeat(20_000)}`,
];
/** No valid order among them. */
const BODIES = [
  "",
  "{",
  "null",
  "[]",
  '{"customer_name":1}',
  '{"operations":[]}',
  '{"status":"gone"}',
  "5\r\n{\r\n0\r\n\r\n",
];

function httpFrame(random: SeededRandom): string | Buffer {
  if (random.chance(0.1)) return bytes(random, 200);
  const lines = [
    `${random.pick(METHODS)} ${random.pick(PATHS)} HTTP/${random.pick(["1.1", "1.1", "1.0", "2.0", "x"])}`,
    ...(random.chance(0.9) ? ["Host: 127.0.0.1"] : []),
    ...some(random, 4, () => random.pick(HEADERS)),
    "Connection: close",
  ];
  const frame = `${lines.join("\r\n")}\r\n\r\n${random.pick(BODIES)}`;
  return random.chance(0.2) ? frame.slice(0, random.int(0, frame.length)) : frame;
}

const some = <Item>(random: SeededRandom, most: number, make: () => Item): Item[] =>
  Array.from({ length: random.int(0, most) }, make);

const bytes = (random: SeededRandom, most: number): Buffer =>
  Buffer.from(Array.from({ length: random.int(1, most) }, () => random.int(0, 255)));
