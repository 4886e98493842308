import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import {
  agentsSchema,
  messageAnswerSchema,
  messageBatchSchema,
  messageCursorSchema,
  messagePatchSchema,
  messagesExportSchema,
  messagesPageSchema,
  messagesQuerySchema,
  messageStreamQuerySchema,
  reviewAnswerSchema,
  reviewBodySchema,
} from "@live-orders/protocol/http-agent";
import { answererSchema, answerPartSchema, questionSchema } from "@live-orders/protocol/http-ask";
import { z } from "zod";
import { jsonAnswer, problemAnswers } from "./answers.ts";

const params = z.object({ id: z.uuid() });
const json = (schema: z.ZodType) => ({ required: true, content: { "application/json": { schema } } });
const streamEventSchema = z.object({
  event: z.literal("messages"),
  id: messageCursorSchema,
  data: messageBatchSchema,
});

/** The routes of `/api/agent`. */
export const agentPaths: readonly RouteConfig[] = [
  {
    method: "get",
    path: "/api/agent",
    summary: "The agents that have been here, and how lately",
    responses: { ...jsonAnswer(200, "The agents", agentsSchema), ...problemAnswers() },
  },
  {
    method: "get",
    path: "/api/agent/ask",
    summary: "What answers questions: a grammar, or a model",
    responses: { ...jsonAnswer(200, "It", answererSchema), ...problemAnswers("agent-away") },
  },
  {
    method: "post",
    path: "/api/agent/ask",
    summary: "Ask about the orders in plain language",
    description:
      "The parts of the answer as they come, one JSON object a line; the last is `end` or `failed`.",
    request: { body: json(questionSchema) },
    responses: {
      200: {
        description: "Parts until the answer ends",
        content: { "application/x-ndjson": { schema: answerPartSchema } },
      },
      ...problemAnswers("agent-away", "rate-limited", "too-large"),
    },
  },
  {
    method: "get",
    path: "/api/agent/messages",
    summary: "The agent's messages, the latest written first",
    description: "`state`: several with commas between. `order`: an id. `limit`: 1 to 200 (50).",
    request: { query: messagesQuerySchema },
    responses: { ...jsonAnswer(200, "A page", messagesPageSchema), ...problemAnswers() },
  },
  {
    method: "get",
    path: "/api/agent/messages.csv",
    summary: "The messages of some states as a CSV file (RFC 4180), at most 20,000",
    request: { query: messagesExportSchema },
    responses: {
      200: {
        description: "A header line, then one record for each message",
        headers: z.object({ "X-Request-Id": z.string(), "Content-Disposition": z.string() }),
        content: { "text/csv": { schema: z.string() } },
      },
      ...problemAnswers(),
    },
  },
  {
    method: "get",
    path: "/api/agent/messages/stream",
    summary: "The messages that change, as Server-Sent Events",
    description:
      "Events `messages`, each with its cursor as `id`; the first at once. A comment at least every 15 s.",
    request: {
      query: messageStreamQuerySchema,
      headers: z.object({ "Last-Event-ID": messageCursorSchema.optional() }),
    },
    responses: {
      200: {
        description: "Events without end",
        content: { "text/event-stream": { schema: streamEventSchema } },
      },
      ...problemAnswers("rate-limited"),
    },
  },
  {
    method: "post",
    path: "/api/agent/messages/review",
    summary: "Approve, dismiss, resend or mark as sent, up to 200 at once",
    description:
      "Each message as it was seen, by its `version`. Approving one whose cause holds no more makes it obsolete: 412.",
    request: { body: json(reviewBodySchema) },
    responses: {
      ...jsonAnswer(200, "A result for each", reviewAnswerSchema),
      ...problemAnswers("too-large"),
    },
  },
  {
    method: "get",
    path: "/api/agent/messages/{id}",
    summary: "A message",
    request: { params },
    responses: { ...jsonAnswer(200, "The message", messageAnswerSchema), ...problemAnswers("not-found") },
  },
  {
    method: "patch",
    path: "/api/agent/messages/{id}",
    summary: "Change what a message says; it waits for approval again",
    request: { params, body: json(messagePatchSchema) },
    responses: {
      ...jsonAnswer(200, "The message as it is now", messageAnswerSchema),
      ...problemAnswers("not-found", "stale", "too-large"),
    },
  },
];
