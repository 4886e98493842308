import { changeBatchSchema, type ChangeBatch } from "@live-orders/protocol/change";
import { countsSchema } from "@live-orders/protocol/http-orders";
import { positionSchema } from "@live-orders/protocol/position";
import { problemSchema } from "@live-orders/protocol/problem";
import { feedStateSchema, resetSchema } from "@live-orders/protocol/socket-events";
import { z } from "zod";

/** What tabs that share a reader say to each other. All but `ask` come from the reader. */
export const tabWordSchema = z.discriminatedUnion("kind", [
  /** Is there a reader, and how far has it come? */
  z.object({ kind: z.literal("ask") }),
  /** There is one, and it is connecting. */
  z.object({ kind: z.literal("connecting") }),
  /** All changes of all statuses after `from`, up to the batch's position. */
  z.object({ kind: z.literal("changes"), from: positionSchema, batch: changeBatchSchema }),
  z.object({ kind: z.literal("counts"), counts: countsSchema }),
  z.object({ kind: z.literal("reset"), reset: resetSchema }),
  z.object({ kind: z.literal("feed"), feed: feedStateSchema }),
  z.object({ kind: z.literal("refused"), problem: problemSchema }),
  z.object({ kind: z.literal("lost"), cause: z.string() }),
]);
export type TabWord = z.infer<typeof tabWordSchema>;
/** What only the reader says. */
export type ReaderWord = Exclude<TabWord, { kind: "ask" }>;
export type ChangesWord = Extract<TabWord, { kind: "changes" }>;

/** How far somebody has come. */
export type Reached = Pick<ChangeBatch, "position" | "cursor">;
