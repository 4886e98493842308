import { WebSocket } from "ws";
import type { Reader, ReaderParts } from "./reader.ts";
import { stampsOfChanges } from "./stamp.ts";

const OPEN = "0";
const PING = "2";
const PONG = "3";
const CONNECT = "40";
const WATCH = '420["watch",{"statuses":["pending","shipped","delivered"]}]';
const ACK = "430";

/** Socket.IO's own frames over a bare WebSocket, so that a thousand readers cost the load generator little. */
export function openSocketIoReader({ url, agent, tally }: ReaderParts): Promise<Reader> {
  const address = `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { agent, perMessageDeflate: false });
  const take = tally.sample();
  tally.requests += 1;
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      // A first byte tells the frames of the protocol apart; a batch is only read by the sampled.
      const head = data.toString("latin1", 0, 3);
      if (head.startsWith("42")) take?.(stampsOfChanges(data.toString()));
      else if (head === ACK) resolve({ close: () => socket.terminate() });
      else if (head.startsWith(CONNECT)) socket.send(WATCH);
      else if (head.startsWith(OPEN)) socket.send(CONNECT);
      else if (head === PING) socket.send(PONG);
    });
  });
}
