/**
 * What pushing costs at least: a WebSocket server by hand that makes one frame of a change and writes the same bytes to
 * every socket that is to have it. No catching up, no acknowledgements, no heartbeats, no bounds.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { readBareChanges } from "./bare-changes.ts";
import { listenForBench } from "./listening.ts";

const WEB_SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const ALL = "all";

const rooms = new Map<string, Set<Duplex>>();

const server = createServer();
server.on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1")
    .update(key + WEB_SOCKET_GUID)
    .digest("base64");
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const status = new URL(request.url ?? "/", "http://localhost").searchParams.get("status") ?? ALL;
  const room = rooms.get(status) ?? new Set();
  rooms.set(status, room.add(socket));
  socket.on("error", () => undefined);
  socket.on("close", () => room.delete(socket));
  socket.resume();
});

function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([payload.length < 126 ? Buffer.from([0x81, payload.length]) : head, payload]);
}

await listenForBench(server);
await readBareChanges((change) => {
  const frame = frameOf(JSON.stringify(change));
  const statuses = [change.before?.status, change.after?.status].filter((status) => status !== undefined);
  for (const name of new Set<string>([ALL, ...statuses])) {
    for (const socket of rooms.get(name) ?? []) socket.write(frame);
  }
});
