import { createHash } from "node:crypto";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { Position } from "@live-orders/protocol/position";

/** What an opaque cursor says to the server. */
export interface CursorParts {
  /** Which collection or table it speaks of: another one under the same name has another generation. */
  readonly generation: string;
  readonly position: Position;
}

const CURSOR = /^1~([A-Za-z0-9-]{1,64})~([A-Za-z0-9.]{1,512})~([0-9a-f]{8})$/;

const check = (generation: string, position: string): string =>
  createHash("sha256").update(`${generation}~${position}`).digest("hex").slice(0, 8);

/** Of characters that need no escape in a URL, a header or an SSE `id`. */
export function encodeCursor({ generation, position }: CursorParts): Cursor {
  return `1~${generation}~${position}~${check(generation, position)}`;
}

/** Null for anything that `encodeCursor` did not make, a cut-off or altered cursor included. */
export function decodeCursor(cursor: string): CursorParts | null {
  const [, generation, position, digest] = CURSOR.exec(cursor) ?? [];
  if (generation === undefined || position === undefined) return null;
  return check(generation, position) === digest ? { generation, position } : null;
}
