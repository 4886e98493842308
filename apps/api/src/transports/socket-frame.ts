import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { SocketMessage } from "./socket-line.ts";
import { textFrame } from "./text-frame.ts";

/** Engine.IO's "message" and Socket.IO's "event" of the default namespace. */
const MESSAGE = "4";
const EVENT = "2";

const messages = new WeakMap<EncodedBatch, SocketMessage>();

/** A batch as the event `changes`: made once, whatever the number of sockets that it goes to. */
export function changesMessage(batch: EncodedBatch): SocketMessage {
  const made = messages.get(batch);
  if (made !== undefined) return made;
  const text = `${EVENT}["changes",${batch.json}]`;
  const message = { text, frame: textFrame(MESSAGE + text) };
  messages.set(batch, message);
  return message;
}
