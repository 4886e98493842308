import {
  MESSAGES_LIMIT,
  messagePatchSchema,
  messagesQuerySchema,
  type Agents,
  type MessagesPage,
} from "@live-orders/protocol/http-agent";
import { MAX_BODY } from "@live-orders/protocol/http-orders";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import { planEdit } from "@live-orders/store/message-review";
import type { MessageStore } from "@live-orders/store/message-store";
import type { Request, RequestHandler } from "express";
import { z } from "zod";
import { readBody } from "../http/body.ts";
import { inTime } from "../http/deadline.ts";
import { NO_QUERY } from "../http/no-query.ts";
import { invalid, ProblemError } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";
import { decodeVersion, encodeVersion } from "./message-cursor.ts";

/** `GET /api/agent`: who has been here, and how lately. */
export function listAgents(messages: MessageStore): RequestHandler {
  return async (request, response) => {
    readQuery(request, NO_QUERY);
    const agents = await inTime(messages.readers());
    response.json({ agents: [...agents], now: new Date().toISOString() } satisfies Agents);
  };
}

/** `GET /api/agent/messages` */
export function listMessages(messages: MessageStore): RequestHandler {
  return async (request, response) => {
    const query = readQuery(request, messagesQuerySchema);
    const { state: states = [], order = null, limit = MESSAGES_LIMIT.default, after } = query;
    const before = after === undefined ? null : decodeVersion(after, "after");
    // Before the page: what changes in between comes twice, and not never.
    const latest = await inTime(messages.latest());
    const [found, counts] = await inTime(
      Promise.all([messages.page({ states, order, limit: limit + 1, before }), messages.counts()]),
    );
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const next = last === undefined ? null : encodeVersion(last.version);
    response.json({ messages: page, next, counts, cursor: encodeVersion(latest) } satisfies MessagesPage);
  };
}

/** `GET /api/agent/messages/:id` */
export function getMessage(messages: MessageStore): RequestHandler {
  return async (request, response) => {
    readQuery(request, NO_QUERY);
    response.json({ message: await messageOf(messages, request) });
  };
}

/** `PATCH /api/agent/messages/:id`: another text. */
export function editMessage(messages: MessageStore): RequestHandler {
  return async (request, response) => {
    readQuery(request, NO_QUERY);
    const { version, by, subject, text } = await readBody(request, messagePatchSchema, MAX_BODY.single);
    const standing = await messageOf(messages, request);
    if (standing.version !== version) throw changedMeanwhile();
    const content = { ...(subject !== undefined && { subject }), ...(text !== undefined && { text }) };
    const plan = planEdit(standing, content, { by, at: new Date().toISOString() });
    if (plan.kind !== "change") throw new ProblemError("stale", { detail: plan.why });
    const [message] = await inTime(messages.replace([plan.change]));
    if (!message) throw changedMeanwhile();
    response.json({ message });
  };
}

export const CHANGED_MEANWHILE = "The message has changed meanwhile: look at it again";
const changedMeanwhile = () => new ProblemError("stale", { detail: CHANGED_MEANWHILE });

async function messageOf(messages: MessageStore, request: Request): Promise<AgentMessage> {
  const id = z.uuid().safeParse(request.params["id"]);
  if (!id.success) throw invalid("id", "must be a UUID");
  const message = await inTime(messages.get(id.data));
  if (message === null) throw new ProblemError("not-found", { detail: `There is no message ${id.data}` });
  return message;
}
