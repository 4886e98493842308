import { z } from "zod";
import type { ChangeBatch } from "./change.ts";
import { cursorSchema } from "./cursor.ts";
import type { Counts } from "./http-orders.ts";
import { positionSchema } from "./position.ts";
import { problemSchema } from "./problem.ts";
import { statusSchema } from "./status.ts";

export const watchSchema = z.strictObject({
  statuses: z.array(statusSchema).min(1).max(16),
  /** Everything after this cursor arrives before the acknowledgement. */
  after: cursorSchema.optional(),
  counts: z.literal(true).optional(),
});
export type Watch = z.infer<typeof watchSchema>;

export const resetReasonSchema = z.enum(["history-lost", "collection-gone"]);
export type ResetReason = z.infer<typeof resetReasonSchema>;

export const refusalSchema = z.object({ ok: z.literal(false), problem: problemSchema });

export const watchAckSchema = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    position: positionSchema,
    cursor: cursorSchema,
    /** How many changes were replayed before this acknowledgement. */
    replayed: z.int().min(0),
    /** The history from `after` on is gone: read a snapshot; the feed is live from `cursor`. */
    reset: resetReasonSchema.optional(),
  }),
  refusalSchema,
]);
export type WatchAck = z.infer<typeof watchAckSchema>;

export const unwatchAckSchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true) }),
  refusalSchema,
]);
export type UnwatchAck = z.infer<typeof unwatchAckSchema>;

/** What the client holds is void. The feed goes on from `cursor`. The SSE event of the same name carries the same. */
export const resetSchema = z.object({ reason: resetReasonSchema, cursor: cursorSchema });
export type Reset = z.infer<typeof resetSchema>;

/**
 * Whether the server's own feed flows: `stale` when it has shown no sign of life for a while, though the connection to the
 * reader stands. Told when it turns, and after the answer to a watch if it is stale. The SSE event of the same name carries
 * the same; a poll is answered `unavailable`.
 */
export const feedStateSchema = z.object({ state: z.enum(["live", "stale"]) });
export type FeedState = z.infer<typeof feedStateSchema>;

export interface ClientToServerEvents {
  watch: (watch: Watch, ack: (answer: WatchAck) => void) => void;
  unwatch: (ack: (answer: UnwatchAck) => void) => void;
}

export interface ServerToClientEvents {
  changes: (batch: ChangeBatch) => void;
  counts: (counts: Counts) => void;
  reset: (reset: Reset) => void;
  feed: (feed: FeedState) => void;
}
