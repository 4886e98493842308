import type { Status } from "@live-orders/protocol/status";
import { openEventLine } from "./event-line.ts";
import {
  type DialectName,
  NOTHING,
  type Told,
  toldByAck,
  toldByBatch,
  toldByEvent,
  toldByFrame,
  toldByRows,
  type Wish,
} from "./dialect.ts";
import { openRowsPoller } from "./rows-poller.ts";
import { openWebSocketLine } from "./web-socket-line.ts";

export interface OpenClient {
  close(): void;
}

interface ClientParts {
  readonly port: number;
  readonly wish: Wish;
  /** The payload of a message that tells of changes, at the moment of its arrival. */
  readonly take: (payload: Buffer) => void;
}

export interface Dialect {
  /** Reads a payload that was taken. */
  readonly read: (payload: Buffer) => Told;
  /** Resolves when the client follows the feed (or has asked to, where the server gives no answer). */
  readonly open: (parts: ClientParts) => Promise<OpenClient>;
}

const ENGINE_PATH = "/socket.io/?EIO=4&transport=websocket";
const OPEN = "0".charCodeAt(0);
const PING = "2".charCodeAt(0);
const MESSAGE = "4".charCodeAt(0);
const CONNECT = "0".charCodeAt(0);
const EVENT = "2".charCodeAt(0);
const ACK = "3".charCodeAt(0);

/** The frames of Engine.IO and Socket.IO; `hello` is said once connected, and answered if it asks for that. */
function openSocketIo(port: number, take: (payload: Buffer) => void, hello: string, isAnswered: boolean) {
  return new Promise<OpenClient>((resolve, reject) => {
    openWebSocketLine(port, ENGINE_PATH, {
      onOpen: () => undefined,
      onEnd: () => reject(new Error("The server ended the connection")),
      onMessage: (payload, line) => {
        const [packet, type] = payload;
        if (packet === PING) return line.send("3");
        if (packet === OPEN) return line.send("40");
        if (packet !== MESSAGE) return;
        if (type === EVENT) return take(payload);
        if (type === CONNECT && hello !== "") line.send(hello);
        if (type === ACK) take(payload);
        if (type === ACK || (type === CONNECT && !isAnswered)) resolve(line);
      },
    });
  });
}

/** The JSON of the one argument of a message that begins so. */
const argumentOf = (head: string, payload: Buffer): string | null =>
  payload.toString("latin1", 0, head.length) === head
    ? payload.toString("utf8", head.length, payload.length - 1)
    : null;

const socketIo: Dialect = {
  read: (payload) => {
    const ack = argumentOf("430[", payload);
    if (ack !== null) return toldByAck(ack);
    const json = argumentOf('42["changes",', payload);
    return json === null ? NOTHING : toldByBatch(json);
  },
  open: ({ port, wish, take }) => {
    const { statuses, after } = wish;
    const watch = JSON.stringify({ statuses, ...(after === null ? {} : { after }) });
    return openSocketIo(port, take, `420["watch",${watch}]`, true);
  },
};

const tutorial: Dialect = {
  read: (payload) => {
    const json = argumentOf('42["change",', payload);
    return json === null ? NOTHING : toldByEvent(json);
  },
  open: ({ port, wish, take }) =>
    openSocketIo(port, take, `42["join",${JSON.stringify(wish.statuses)}]`, false),
};

const statusQuery = (statuses: readonly Status[]): string =>
  statuses.map((status) => `status=${status}`).join("&");

const DATA = "\ndata: ";

const sse: Dialect = {
  read: (payload) => {
    const at = payload.indexOf(DATA);
    return payload.includes("event: changes")
      ? toldByBatch(payload.toString("utf8", at + DATA.length))
      : NOTHING;
  },
  open: ({ port, wish, take }) =>
    new Promise((resolve, reject) => {
      const after = wish.after === null ? "" : `&after=${encodeURIComponent(wish.after)}`;
      const line = openEventLine(port, `/api/changes/stream?${statusQuery(wish.statuses)}${after}`, {
        onEvent: (event) => {
          take(event);
          resolve(line);
        },
        onEnd: () => reject(new Error("The server ended the stream")),
      });
    }),
};

const frames: Dialect = {
  read: (payload) => toldByFrame(payload.toString()),
  open: ({ port, wish, take }) =>
    new Promise((resolve, reject) => {
      openWebSocketLine(port, `/?${wish.statuses.length === 1 ? statusQuery(wish.statuses) : ""}`, {
        onOpen: resolve,
        onMessage: take,
        onEnd: () => reject(new Error("The server ended the connection")),
      });
    }),
};

const poll: Dialect = {
  read: (payload) => toldByRows(payload.toString()),
  open: ({ port, take }) => Promise.resolve(openRowsPoller(port, take)),
};

export const OPENERS: Readonly<Record<DialectName, Dialect>> = {
  "socket-io": socketIo,
  tutorial,
  sse,
  frames,
  poll,
};
