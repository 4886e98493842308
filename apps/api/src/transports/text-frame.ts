import { isUtf8 } from "node:buffer";

const FINAL_TEXT = 0x81;
/** Lengths that do not fit in the frame's second byte are told by the bytes after it. */
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/** A whole message as one frame, as a server sends it: not masked (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
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

const MASKED = 0x80;
const MASK_BYTES = 4;

/** Where the payload of a frame stands in some bytes; its mask stands before it. */
interface Payload {
  readonly start: number;
  readonly end: number;
}

/**
 * The messages of some bytes of a client's, if they are whole frames, each a whole text, and nothing else: what a client
 * sends nearly always. Their masks are taken off in place. For any other bytes, valid or not, null; they are then as they
 * came.
 */
export function takeWholeTexts(bytes: Buffer, maxLength: number): string[] | null {
  const payloads = payloadsOf(bytes, maxLength);
  if (payloads === null) return null;
  for (const payload of payloads) toggleMask(bytes, payload);
  if (payloads.every(({ start, end }) => isUtf8(bytes.subarray(start, end)))) {
    return payloads.map(({ start, end }) => bytes.toString("utf8", start, end));
  }
  for (const payload of payloads) toggleMask(bytes, payload);
  return null;
}

function payloadsOf(bytes: Buffer, maxLength: number): Payload[] | null {
  const payloads: Payload[] = [];
  for (let at = 0; at < bytes.length; at = payloads.at(-1)?.end ?? at) {
    const second = bytes[at + 1] ?? 0;
    const short = second - MASKED;
    if (bytes[at] !== FINAL_TEXT || short < 0 || short === LENGTH_IN_8_BYTES || at + 4 > bytes.length)
      return null;
    const head = short === LENGTH_IN_2_BYTES ? 4 : 2;
    const length = head === 4 ? bytes.readUInt16BE(at + 2) : short;
    const start = at + head + MASK_BYTES;
    if (length > maxLength || start + length > bytes.length) return null;
    payloads.push({ start, end: start + length });
  }
  return payloads;
}

function toggleMask(bytes: Buffer, { start, end }: Payload): void {
  for (let at = start; at < end; at += 1) {
    bytes[at] = (bytes[at] ?? 0) ^ (bytes[start - MASK_BYTES + ((at - start) & 3)] ?? 0);
  }
}
