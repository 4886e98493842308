import type { AgentMessage, DraftText, MessageState } from "@live-orders/protocol/agent-message";
import {
  agentsSchema,
  messageAnswerSchema,
  messagesPageSchema,
  reviewAnswerSchema,
  type Agents,
  type MessagesPage,
  type ReviewAction,
  type ReviewAnswer,
} from "@live-orders/protocol/http-agent";
import type { ApiResult } from "./api-error.ts";
import { createHttpExchange, type HttpExchangeOptions } from "./http-exchange.ts";

export interface AgentApiOptions extends HttpExchangeOptions {
  /** `http://127.0.0.1:3000`, or nothing for the page's own origin. */
  readonly baseUrl?: string;
}

export interface MessageListQuery {
  /** All, if there are none. */
  readonly states?: readonly MessageState[];
  readonly order?: number;
  /** 1 to 200 (50). */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** A message as it was seen. */
export type SeenMessage = Pick<AgentMessage, "id" | "version">;

/** The agent's messages over HTTP. Nothing is thrown for what can be expected to go wrong. */
export interface AgentApi {
  agents(signal?: AbortSignal): Promise<ApiResult<Agents>>;
  list(query: MessageListQuery, signal?: AbortSignal): Promise<ApiResult<MessagesPage>>;
  edit(
    message: SeenMessage,
    content: DraftText,
    by: string,
  ): Promise<ApiResult<{ readonly message: AgentMessage }>>;
  /** 1 to 200 messages, a result for each. */
  review(
    action: ReviewAction,
    messages: readonly SeenMessage[],
    by: string,
  ): Promise<ApiResult<ReviewAnswer>>;
}

export function createAgentApi(options: AgentApiOptions = {}): AgentApi {
  const base = `${(options.baseUrl ?? "").replace(/\/+$/, "")}/api/agent`;
  const exchange = createHttpExchange(options);
  const read = (signal?: AbortSignal) => ({
    method: "GET" as const,
    tries: 1,
    ...(signal && { signal }),
  });
  return {
    agents: (signal) => exchange({ ...read(signal), url: base }, agentsSchema),
    list: ({ states = [], order, limit, after }, signal) => {
      const query = new URLSearchParams();
      if (states.length > 0) query.set("state", states.join(","));
      for (const [name, value] of Object.entries({ order, limit, after })) {
        if (value !== undefined) query.set(name, String(value));
      }
      return exchange({ ...read(signal), url: `${base}/messages?${query.toString()}` }, messagesPageSchema);
    },
    // One try: after a first one that was carried out, a repeat would find another version.
    edit: ({ id, version }, content, by) =>
      exchange(
        { method: "PATCH", url: `${base}/messages/${id}`, body: { ...content, version, by }, tries: 1 },
        messageAnswerSchema,
      ),
    review: (action, messages, by) =>
      exchange(
        {
          method: "POST",
          url: `${base}/messages/review`,
          body: { action, messages: messages.map(({ id, version }) => ({ id, version })), by },
          tries: 1,
        },
        reviewAnswerSchema,
      ),
  };
}
