import { decodeCursor, type CursorParts } from "@live-orders/store/cursor-parts";
import { invalid } from "../http/problem-error.ts";

/**
 * What a reader's cursor says; undefined if it has none.
 *
 * @param name of the parameter or header that carries it
 * @throws ProblemError `validation` for a text that no server made
 */
export function cursorFrom(cursor: string | undefined, name: string): CursorParts | undefined {
  if (cursor === undefined) return undefined;
  const parts = decodeCursor(cursor);
  if (parts === null) throw invalid(name, "is not a cursor");
  return parts;
}
