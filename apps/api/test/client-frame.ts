export interface ClientFrame {
  readonly payload: string | Uint8Array;
  /** 1 (a text) if not given. */
  readonly opcode?: number;
  /** True if not given. */
  readonly final?: boolean;
  /** Bits that are to be clear. */
  readonly reserved?: number;
  /** Four bytes, or null for none, which a client may not send. */
  readonly mask?: Uint8Array | null;
}

const ANY_MASK = Uint8Array.of(0x1f, 0x2e, 0x3d, 0x4c);

/** A WebSocket frame as a client sends it (RFC 6455, 5.2), right or wrong. */
export function clientFrame({
  payload,
  opcode = 1,
  final = true,
  reserved = 0,
  mask = ANY_MASK,
}: ClientFrame): Buffer {
  const data = Buffer.from(payload);
  const kind = (final ? 0x80 : 0) | reserved | opcode;
  const masked = mask === null ? 0 : 0x80;
  const head =
    data.length < 126
      ? [kind, masked | data.length]
      : [kind, masked | 126, data.length >> 8, data.length & 0xff];
  if (mask === null) return Buffer.concat([Buffer.from(head), data]);
  return Buffer.concat([Buffer.from(head), mask, data.map((byte, at) => byte ^ (mask[at & 3] ?? 0))]);
}
