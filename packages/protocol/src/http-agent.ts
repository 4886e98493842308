import { z } from "zod";
import { agentMessageSchema, draftTextSchema, messageStateSchema } from "./agent-message.ts";
import { orderIdSchema, timestampSchema } from "./order.ts";
import { queryInt } from "./order-query.ts";
import { problemSchema } from "./problem.ts";

/** Opaque: all messages up to here have been seen, as they stood. */
export const messageCursorSchema = z.string().min(1).max(64);

export const MESSAGES_LIMIT = { min: 1, max: 200, default: 50 } as const;

/** `GET /api/agent/messages`, the latest written first. */
export const messagesQuerySchema = z.strictObject({
  /** Several with commas between; none means all. */
  state: z
    .string()
    .max(200)
    .transform((text) => text.split(","))
    .pipe(z.array(messageStateSchema))
    .optional(),
  order: queryInt(1, 2_147_483_647).pipe(orderIdSchema).optional(),
  limit: queryInt(MESSAGES_LIMIT.min, MESSAGES_LIMIT.max).optional(),
  after: z.string().min(1).max(64).optional(),
});

/** `GET /api/agent/messages.csv` */
export const messagesExportSchema = messagesQuerySchema.pick({ state: true });

/** How many there are of each state. In zod 4 a record of an enum's keys has all of them. */
export const messageCountsSchema = z.record(messageStateSchema, z.int().min(0));

export const messagesPageSchema = z.object({
  messages: z.array(agentMessageSchema),
  /** Null on the last page. */
  next: z.string().nullable(),
  counts: messageCountsSchema,
  /** For the stream: what changes after this page was read follows it. */
  cursor: messageCursorSchema,
});
export type MessagesPage = z.infer<typeof messagesPageSchema>;

/** `GET /api/agent/messages/stream`; the header `Last-Event-ID` goes before `after`. */
export const messageStreamQuerySchema = z.strictObject({ after: messageCursorSchema.optional() });

/** The stream's event `messages`: those that have changed, each once and as it stands. */
export const messageBatchSchema = z.object({
  messages: z.array(agentMessageSchema),
  counts: messageCountsSchema,
  cursor: messageCursorSchema,
});
export type MessageBatch = z.infer<typeof messageBatchSchema>;

const reviewerSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), "must not contain control characters")
  .default("somebody");
const versionSchema = z.int().min(1);

/** `PATCH /api/agent/messages/:id` */
export const messagePatchSchema = draftTextSchema
  .partial()
  .extend({ version: versionSchema, by: reviewerSchema })
  .refine(({ subject, text }) => subject !== undefined || text !== undefined, "must set subject or text");

export const messageAnswerSchema = z.object({ message: agentMessageSchema });

export const REVIEW_ACTIONS = ["approve", "dismiss", "resend", "mark-sent"] as const;
export const reviewActionSchema = z.enum(REVIEW_ACTIONS);
export type ReviewAction = z.infer<typeof reviewActionSchema>;

/** `POST /api/agent/messages/review`: one or many, each as it was seen. */
export const reviewBodySchema = z.strictObject({
  action: reviewActionSchema,
  messages: z
    .array(z.strictObject({ id: z.uuid(), version: versionSchema }))
    .min(1)
    .max(200)
    .refine(
      (messages) => new Set(messages.map(({ id }) => id)).size === messages.length,
      "must name each once",
    ),
  by: reviewerSchema,
});

export const reviewAnswerSchema = z.object({
  results: z.array(
    z.object({
      status: z.int(),
      /** As it stands. */
      message: agentMessageSchema.optional(),
      problem: problemSchema.optional(),
    }),
  ),
});
export type ReviewAnswer = z.infer<typeof reviewAnswerSchema>;

/** `GET /api/agent`: the agents that have been here, and how lately. */
export const agentsSchema = z.object({
  agents: z.array(
    z.object({
      name: z.string(),
      /** What writes its texts: `templates`, or a model's name. */
      drafts_by: z.string(),
      /** Whether it sends approved messages by mail. */
      sends: z.boolean(),
      seen_at: timestampSchema,
    }),
  ),
  /** RFC 3339, the server's clock. */
  now: timestampSchema,
});
export type Agents = z.infer<typeof agentsSchema>;
