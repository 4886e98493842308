import { describeError, type ApiResult } from "@live-orders/client/api-error";
import type { AgentApi, MessageListQuery } from "@live-orders/client/agent-api";
import type { Clock } from "@live-orders/client/clock";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { MessageBatch, MessagesPage } from "@live-orders/protocol/http-agent";
import type { openMessageStream } from "./message-stream.ts";

/** What a list of messages shows. */
export interface BoardState {
  /** The latest written first. */
  readonly messages: readonly AgentMessage[];
  readonly counts: MessagesPage["counts"] | null;
  readonly head: { readonly kind: "reading" | "read" } | { readonly kind: "failed"; readonly why: string };
  /** There are older ones than those that are here. */
  readonly more: boolean;
  readonly live: boolean;
}

interface BoardParts {
  readonly api: Pick<AgentApi, "list">;
  readonly query: Pick<MessageListQuery, "states" | "order">;
  readonly openStream: typeof openMessageStream;
  readonly clock: Clock;
}

const PAGE = 50;
/** Messages that are held; past it the oldest go. */
const MAX_MESSAGES = 1000;
const RETRY = 3000;

/** The messages of a query, live: its newest page, older ones as they are asked for, and what the stream brings. */
export class MessageBoard {
  readonly #parts: BoardParts;
  readonly #listeners = new Set<() => void>();
  readonly #held = new Map<string, AgentMessage>();
  #state: BoardState = { messages: [], counts: null, head: { kind: "reading" }, more: false, live: false };
  #next: string | null = null;
  #end = () => {};
  #running = new AbortController();

  constructor(parts: BoardParts) {
    this.#parts = parts;
  }

  /** The same object until it changes. */
  state(): BoardState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads and listens until the answer is called. */
  start(): () => void {
    const running = new AbortController();
    this.#running = running;
    void this.#begin(running.signal);
    return () => {
      running.abort();
      this.#end();
    };
  }

  /** Reads the next older page. */
  async more(): Promise<void> {
    if (this.#next !== null) this.#takePage(await this.#read(this.#next));
  }

  /** As an answer to a review brought it, before the stream does. */
  take(messages: readonly AgentMessage[]): void {
    for (const message of messages) this.#hold(message);
    this.#set({});
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const answer = await this.#read();
    if (signal.aborted) return;
    this.#takePage(answer);
    const { clock, openStream } = this.#parts;
    if (!answer.ok) {
      this.#end = clock.after(RETRY, () => void this.#begin(signal));
      return;
    }
    this.#end = openStream(
      answer.value.cursor,
      {
        batch: (batch) => {
          this.#takeBatch(batch);
        },
        live: (live) => {
          if (live !== this.#state.live) this.#set({ live });
        },
      },
      clock,
    );
  }

  #read(after?: string): Promise<ApiResult<MessagesPage>> {
    const { api, query } = this.#parts;
    return api.list({ ...query, limit: PAGE, ...(after !== undefined && { after }) }, this.#running.signal);
  }

  #takePage(answer: ApiResult<MessagesPage>): void {
    if (!answer.ok) {
      if (answer.error.kind !== "aborted")
        this.#set({ head: { kind: "failed", why: describeError(answer.error) } });
      return;
    }
    const { messages, next, counts } = answer.value;
    for (const message of messages) this.#hold(message);
    this.#next = next;
    this.#set({ head: { kind: "read" }, more: next !== null, counts });
  }

  #takeBatch({ messages, counts }: MessageBatch): void {
    for (const message of messages) this.#hold(message);
    this.#set({ counts });
  }

  /** A message's version says which of two is newer, whoever brought it. */
  #hold(message: AgentMessage): void {
    const { states = [], order } = this.#parts.query;
    if (order !== undefined && message.order.id !== order) return;
    if ((this.#held.get(message.id)?.version ?? 0) >= message.version) return;
    // Kept although it has left the list: an older page may still bring it as it was.
    this.#held.set(message.id, message);
    if (states.length === 0 || this.#held.size <= MAX_MESSAGES) return;
    const [oldest] = [...this.#held.values()].sort((a, b) => a.version - b.version);
    if (oldest !== undefined) this.#held.delete(oldest.id);
  }

  #set(change: Partial<BoardState>): void {
    const { states = [] } = this.#parts.query;
    const messages = [...this.#held.values()]
      .filter(({ state }) => states.length === 0 || states.includes(state))
      .sort((a, b) => b.version - a.version);
    this.#state = { ...this.#state, ...change, messages };
    for (const listener of this.#listeners) listener();
  }
}
