import { z } from "zod";
import { orderSchema, timestampSchema } from "./order.ts";
import { positionSchema } from "./position.ts";
import { statusSchema } from "./status.ts";

/** What may set the agent off. */
export const TRIGGER_KINDS = ["pending-too-long", "became-shipped", "became-delivered"] as const;
export const triggerKindSchema = z.enum(TRIGGER_KINDS);
export type TriggerKind = z.infer<typeof triggerKindSchema>;

/** Names a trigger of the operator's; two of one kind have two names. */
export const triggerNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be a short name in a-z, 0-9 and -");

/**
 * Why there is a message. A trigger fires once for one order and one position: the place in the feed of the change that
 * is the cause; for an order that has been pending too long, of the change that brought it there.
 */
export const messageCauseSchema = z.strictObject({
  trigger: triggerNameSchema,
  kind: triggerKindSchema,
  /** Where no history tells it: `updated_at:` and the order's `updated_at`. */
  position: positionSchema,
  /** When it came about, by the database's clock. */
  at: timestampSchema,
  /** The message's order is as of this position. */
  as_of: positionSchema,
});
export type MessageCause = z.infer<typeof messageCauseSchema>;

/** In the order in which a message goes through them; the last six are ends, though not all are final. */
export const MESSAGE_STATES = [
  /** Its text is to be written. */
  "queued",
  "draft",
  "approved",
  /** It is being handed to the mail server. */
  "sending",
  "sent",
  "dismissed",
  /** It surely has not left. */
  "failed",
  /** What it was about does not hold any more. */
  "obsolete",
  /** It may have left, or not: nobody recorded the mail server's answer. */
  "unsure",
  /** Whoever writes the texts found that there is nothing to write. */
  "declined",
] as const;
export const messageStateSchema = z.enum(MESSAGE_STATES);
export type MessageState = z.infer<typeof messageStateSchema>;

/** Why a message's cause holds no more. */
export const causeEndSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("moved"), to: statusSchema }),
  z.strictObject({ kind: z.literal("deleted") }),
  z.strictObject({ kind: z.literal("renamed") }),
]);
export type CauseEnd = z.infer<typeof causeEndSchema>;

/** Neither a control character, but for line ends and tabs in the text, nor a lone surrogate. */
const FORBIDDEN = { line: /[\p{Cc}\p{Cs}]/u, text: /[^\P{Cc}\n\t]|\p{Cs}/u };
export const MAX_SUBJECT = 200;
export const MAX_TEXT = 5000;

const textOf = (max: number, forbidden: RegExp) =>
  z
    .string()
    .trim()
    .refine((text) => text.length > 0, "must not be empty")
    .refine((text) => text.length <= max, `must be at most ${max} characters long`)
    .refine((text) => !forbidden.test(text), "must not contain control characters or lone surrogates");

/** What a message says; plain text. */
export const draftTextSchema = z.strictObject({
  subject: textOf(MAX_SUBJECT, FORBIDDEN.line),
  text: textOf(MAX_TEXT, FORBIDDEN.text),
});
export type DraftText = z.infer<typeof draftTextSchema>;

export const MESSAGE_DEEDS = [...MESSAGE_STATES, "edited"] as const;

/** What was done to a message: the state that it went to, or an edit. */
export const messageDeedSchema = z.strictObject({
  deed: z.enum(MESSAGE_DEEDS),
  by: z.string().min(1).max(100),
  /** By the clock of the process that did it. */
  at: timestampSchema,
});
export type MessageDeed = z.infer<typeof messageDeedSchema>;

/** The oldest but the first are left out. */
export const MAX_DEEDS = 50;
export const MAX_REASON = 500;

/** A row of `agent_messages`. */
export const agentMessageSchema = z.strictObject({
  id: z.uuid(),
  /** Grows with every write of any message, in the order of commits: for compare-and-set, and for the feed. */
  version: z.int().min(1),
  cause: messageCauseSchema,
  /** As it was when the cause was found. */
  order: orderSchema,
  state: messageStateSchema,
  /** Null: it has none yet, or was declined. */
  content: draftTextSchema.nullable(),
  /** Who wrote the text at first: a template or a model, and its name. */
  made_by: z
    .strictObject({ kind: z.enum(["template", "model"]), name: z.string().min(1).max(100) })
    .nullable(),
  /** Why it is in this state, where that needs a word. */
  reason: z.string().max(MAX_REASON).nullable(),
  /** Null: the cause holds. */
  ended: causeEndSchema.nullable(),
  /** The address that it went to, or was about to. */
  sent_to: z.string().max(320).nullable(),
  deeds: z.array(messageDeedSchema).min(1).max(MAX_DEEDS),
});
export type AgentMessage = z.infer<typeof agentMessageSchema>;
