import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { SocketMessage } from "./socket-line.ts";

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

const FINAL_TEXT = 0x81;
/** Lengths that do not fit in the frame's second byte are told by the bytes after it. */
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/** A whole message as one unmasked WebSocket frame (RFC 6455, 5.2). */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < LENGTH_IN_2_BYTES ? 2 : length < 0x1_0000 ? 4 : 10;
  const frame = Buffer.allocUnsafeSlow(head + length);
  frame[0] = FINAL_TEXT;
  if (head === 2) frame[1] = length;
  if (head === 4) {
    frame[1] = LENGTH_IN_2_BYTES;
    frame.writeUInt16BE(length, 2);
  }
  if (head === 10) {
    frame[1] = LENGTH_IN_8_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}
