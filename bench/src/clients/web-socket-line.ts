import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

interface WebSocketLine {
  send(text: string): void;
  close(): void;
}

interface LineEvents {
  readonly onOpen: (line: WebSocketLine) => void;
  readonly onMessage: (payload: Buffer, line: WebSocketLine) => void;
  readonly onEnd: () => void;
}

/**
 * A WebSocket client of the bare necessities, for servers on this machine: whole text messages, no compression. A
 * thousand of the usual ones would cost more than the server that is measured.
 */
export function openWebSocketLine(port: number, path: string, events: LineEvents): void {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const line = { send: (text: string) => sendFrame(socket, OPCODE.text, Buffer.from(text)), close };
  function close(): void {
    socket.destroy();
  }
  let rest: Buffer = Buffer.alloc(0);
  let isOpen = false;
  socket.on("connect", () => socket.write(handshake(port, path)));
  socket.on("error", () => undefined);
  socket.on("close", events.onEnd);
  socket.on("data", (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!isOpen) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!rest.toString("latin1", 0, 12).endsWith(" 101")) throw new Error(rest.toString("latin1"));
      isOpen = true;
      rest = rest.subarray(end + 4);
      events.onOpen(line);
    }
    rest = takeFrames(rest, (opcode, payload) => {
      if (opcode === OPCODE.text) events.onMessage(payload, line);
      else if (opcode === OPCODE.ping) sendFrame(socket, OPCODE.pong, payload);
    });
  });
}

const handshake = (port: number, path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\nSec-WebSocket-Version: 13\r\n\r\n`;

/** @returns what is left of the last frame, which is not whole yet */
function takeFrames(data: Buffer, take: (opcode: number, payload: Buffer) => void): Buffer {
  let at = 0;
  for (;;) {
    const frame = frameAt(data, at);
    if (frame === null) return data.subarray(at);
    take(frame.opcode, data.subarray(frame.from, frame.to));
    at = frame.to;
  }
}

function frameAt(data: Buffer, at: number): { opcode: number; from: number; to: number } | null {
  const [first, second] = [data[at], data[at + 1]];
  if (first === undefined || second === undefined) return null;
  const short = second & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length < at + head) return null;
  const long =
    short === 126 ? data.readUInt16BE(at + 2) : Number(short === 127 ? data.readBigUInt64BE(at + 2) : short);
  const from = at + head;
  return data.length < from + long ? null : { opcode: first & 0x0f, from, to: from + long };
}

/** A client's frames are masked; what is sent here is short. */
function sendFrame(socket: Socket, opcode: number, payload: Buffer): void {
  const mask = randomBytes(4);
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | payload.length])
      : Buffer.from([0x80 | opcode, 0xfe, payload.length >> 8, payload.length & 0xff]);
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  socket.write(Buffer.concat([head, mask, masked]));
}
