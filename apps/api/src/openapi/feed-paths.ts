import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { changeBatchSchema } from "@live-orders/protocol/change";
import { cursorSchema } from "@live-orders/protocol/cursor";
import {
  changesAnswerSchema,
  changesCursorQuerySchema,
  changesCursorSchema,
  changesQuerySchema,
  streamQuerySchema,
} from "@live-orders/protocol/http-changes";
import { feedStateSchema, resetSchema } from "@live-orders/protocol/socket-events";
import { z } from "zod";
import { jsonAnswer, problemAnswers } from "./answers.ts";

/** What a stream is made of, one after the other. */
const streamEventSchema = z.union([
  z.object({ event: z.literal("changes"), id: cursorSchema, data: changeBatchSchema }),
  z.object({ event: z.literal("reset"), id: cursorSchema, data: resetSchema }),
  z.object({ event: z.literal("feed"), data: feedStateSchema }),
]);

const readinessSchema = z.object({ ready: z.boolean(), reason: z.string().optional() });

/** The feed over HTTP, and the server's own routes. */
export const feedPaths: readonly RouteConfig[] = [
  {
    method: "get",
    path: "/api/changes",
    summary: "Changes after a cursor",
    description:
      "Without `after`: the cursor of now. `limit`: 1 to 1,000 (500). `wait`: seconds, 0 to 30, to wait for a change.",
    request: { query: changesQuerySchema },
    responses: { ...jsonAnswer(200, "Changes", changesAnswerSchema), ...problemAnswers("history-lost") },
  },
  {
    method: "get",
    path: "/api/changes/cursor",
    summary: "The cursor of a time",
    description:
      "Every change since then follows it; a few from shortly before may, too: their `at` tells. 410 without a history.",
    request: { query: changesCursorQuerySchema },
    responses: { ...jsonAnswer(200, "A cursor", changesCursorSchema), ...problemAnswers("history-lost") },
  },
  {
    method: "get",
    path: "/api/changes/stream",
    summary: "The feed as Server-Sent Events",
    description:
      "Events `changes` (as the answer of `/api/changes`, without `more`) and `reset`, each with its cursor as `id`; `feed` when the server stops to hear from its database, and when it hears again; a comment every 15 s.",
    request: { query: streamQuerySchema, headers: z.object({ "Last-Event-ID": cursorSchema.optional() }) },
    responses: {
      200: {
        description: "Events without end",
        content: { "text/event-stream": { schema: streamEventSchema } },
      },
      ...problemAnswers(),
    },
  },
  {
    method: "get",
    path: "/livez",
    summary: "Whether the process runs",
    responses: jsonAnswer(200, "It does", z.object({ live: z.literal(true) })),
  },
  {
    method: "get",
    path: "/readyz",
    summary: "Whether the database takes writes and the feed flows",
    responses: {
      ...jsonAnswer(200, "Ready", readinessSchema),
      503: { description: "Not ready", content: { "application/json": { schema: readinessSchema } } },
    },
  },
  {
    method: "get",
    path: "/metrics",
    summary: "Metrics for Prometheus",
    responses: { 200: { description: "Metrics", content: { "text/plain": { schema: z.string() } } } },
  },
  {
    method: "get",
    path: "/api/openapi.json",
    summary: "This document",
    responses: {
      200: { description: "OpenAPI 3.1", content: { "application/json": { schema: z.object({}) } } },
    },
  },
];
