import { orderIdSchema } from "@live-orders/protocol/order";
import { positionSchema, type Position } from "@live-orders/protocol/position";
import { z } from "zod";

const placeSchema = z.tuple([orderIdSchema, positionSchema]);

/** The `next` of a page of an order's history, whose older changes begin before `position`. */
export function encodeHistoryCursor(id: number, position: Position): string {
  return Buffer.from(JSON.stringify([id, position])).toString("base64url");
}

/** Null for anything that is not a `next` of this order's history. */
export function decodeHistoryCursor(id: number, cursor: string): Position | null {
  const parsed = placeSchema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
  if (!parsed.success) return null;
  const [of, position] = parsed.data;
  return of === id && encodeHistoryCursor(id, position) === cursor ? position : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
