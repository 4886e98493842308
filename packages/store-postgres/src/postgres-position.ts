import type { Position } from "@live-orders/protocol/position";
import { z } from "zod";

/** PostgreSQL's `bigint` as a decimal string, as the driver gives it; JSON has a number for it. */
export const sequenceSchema = z.coerce.string().regex(/^\d{1,19}$/);

const POSITION = /^[0-7][0-9a-f]{15}$/;

/** A change's place in the order of commits, as 16 hex digits: plain string comparison gives the same order. */
export function positionOf(sequence: string): Position {
  return BigInt(sequence).toString(16).padStart(16, "0");
}

/** Null for what is no position of this store. */
export function sequenceOf(position: Position): string | null {
  return POSITION.test(position) ? BigInt(`0x${position}`).toString() : null;
}
