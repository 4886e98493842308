import { z } from "zod";

/**
 * Where a change stands in the commit order. Plain string comparison (`<`) of two positions gives their order, on
 * every node. Writes, pages and batches have one too: "every change up to here, and no later one".
 */
export const positionSchema = z.string().min(1).max(512);
export type Position = z.infer<typeof positionSchema>;

export const laterPosition = (a: Position, b: Position): Position => (a < b ? b : a);
