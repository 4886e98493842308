import { connect } from "node:net";

export interface EventLine {
  close(): void;
}

interface LineEvents {
  /** An event of the stream, with all its fields. */
  readonly onEvent: (event: Buffer) => void;
  readonly onEnd: () => void;
}

const HEAD_END = "\r\n\r\n";

/** Server-Sent Events over a bare socket: the chunks of the answer's body, cut into events. */
export function openEventLine(port: number, path: string, { onEvent, onEnd }: LineEvents): EventLine {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  let bytes: Buffer = Buffer.alloc(0);
  let text: Buffer = Buffer.alloc(0);
  let isBody = false;
  socket.on("connect", () => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream${HEAD_END}`);
  });
  socket.on("error", () => undefined);
  socket.on("close", onEnd);
  socket.on("data", (data) => {
    bytes = bytes.length === 0 ? data : Buffer.concat([bytes, data]);
    if (!isBody) {
      const end = bytes.indexOf(HEAD_END);
      if (end < 0) return;
      if (!bytes.toString("latin1", 0, 12).endsWith(" 200")) throw new Error(bytes.toString("latin1"));
      isBody = true;
      bytes = bytes.subarray(end + HEAD_END.length);
    }
    bytes = takeChunks(bytes, (chunk) => {
      text = takeEvents(text.length === 0 ? chunk : Buffer.concat([text, chunk]), onEvent);
    });
  });
  return { close: () => void socket.destroy() };
}

function takeChunks(data: Buffer, take: (chunk: Buffer) => void): Buffer {
  let at = 0;
  for (;;) {
    const end = data.indexOf("\r\n", at);
    if (end < 0) return data.subarray(at);
    const length = Number.parseInt(data.toString("latin1", at, end), 16);
    const from = end + 2;
    if (data.length < from + length + 2) return data.subarray(at);
    take(data.subarray(from, from + length));
    at = from + length + 2;
  }
}

function takeEvents(data: Buffer, take: (event: Buffer) => void): Buffer {
  let at = 0;
  for (;;) {
    const end = data.indexOf("\n\n", at);
    if (end < 0) return data.subarray(at);
    take(data.subarray(at, end));
    at = end + 2;
  }
}
