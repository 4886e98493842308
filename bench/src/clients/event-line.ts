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

/** Server-Sent Events over a bare socket: the answer's body, which ends with the connection, cut into events. */
export function openEventLine(port: number, path: string, { onEvent, onEnd }: LineEvents): EventLine {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  let rest: Buffer = Buffer.alloc(0);
  let isBody = false;
  socket.on("connect", () => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream${HEAD_END}`);
  });
  socket.on("error", () => undefined);
  socket.on("close", onEnd);
  socket.on("data", (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    if (!isBody) {
      const end = rest.indexOf(HEAD_END);
      if (end < 0) return;
      if (!rest.toString("latin1", 0, 12).endsWith(" 200")) throw new Error(rest.toString("latin1"));
      isBody = true;
      rest = rest.subarray(end + HEAD_END.length);
    }
    rest = takeEvents(rest, onEvent);
  });
  return { close: () => void socket.destroy() };
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
