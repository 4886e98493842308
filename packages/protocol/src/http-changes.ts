import { z } from "zod";
import { changeBatchSchema } from "./change.ts";
import { cursorSchema } from "./cursor.ts";
import { timestampSchema } from "./order.ts";
import { queryInt } from "./order-query.ts";
import { statusSchema } from "./status.ts";

export const CHANGES_LIMIT = { min: 1, max: 1000, default: 500 } as const;
/** In seconds. */
export const MAX_WAIT = 30;

/** `GET /api/changes`. Without `after`: the cursor of now. */
export const changesQuerySchema = z.strictObject({
  status: z.array(statusSchema).optional(),
  after: cursorSchema.optional(),
  limit: queryInt(CHANGES_LIMIT.min, CHANGES_LIMIT.max).optional(),
  wait: queryInt(0, MAX_WAIT).optional(),
});

/** `more`: the limit cut the answer short, ask again at once. */
export const changesAnswerSchema = changeBatchSchema.extend({ more: z.boolean() });
export type ChangesAnswer = z.infer<typeof changesAnswerSchema>;

/** `GET /api/changes/cursor` */
export const changesCursorQuerySchema = z.strictObject({ since: timestampSchema });

/** A cursor from which every change since an instant follows, and a few from shortly before it may. */
export const changesCursorSchema = z.object({
  cursor: cursorSchema,
  /** Later than what was asked for if the history begins later. */
  since: timestampSchema,
  cut: z.literal("history").nullable(),
});
export type ChangesCursor = z.infer<typeof changesCursorSchema>;

/** `GET /api/changes/stream`; the header `Last-Event-ID` goes before `after`. */
export const streamQuerySchema = z.strictObject({
  status: z.array(statusSchema).optional(),
  after: cursorSchema.optional(),
});
