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

/**
 * The messages of some bytes of a client's, if they are whole frames, each a whole text, and nothing else: what a client
 * sends nearly always. For any other bytes, valid or not, null.
 */
export function wholeTexts(bytes: Buffer, maxLength: number): Buffer[] | null {
  const texts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const [kind, second] = [bytes[at], bytes[at + 1]];
    if (kind !== FINAL_TEXT || second === undefined || second < MASKED) return null;
    const short = second - MASKED;
    if (short === LENGTH_IN_8_BYTES || at + 4 > bytes.length) return null;
    const head = short === LENGTH_IN_2_BYTES ? 4 : 2;
    const length = head === 4 ? bytes.readUInt16BE(at + 2) : short;
    const start = at + head + MASK_BYTES;
    const end = start + length;
    if (end > bytes.length || length > maxLength) return null;
    const text = unmasked(bytes, start, end);
    if (!isUtf8(text)) return null;
    texts.push(text);
    at = end;
  }
  return texts;
}

/** A copy: whoever reads the bytes anew finds them as they came. */
function unmasked(bytes: Buffer, start: number, end: number): Buffer {
  const text = Buffer.from(bytes.subarray(start, end));
  for (const [index, byte] of text.entries())
    text[index] = byte ^ (bytes[start - MASK_BYTES + (index & 3)] ?? 0);
  return text;
}
