import { changeBatchSchema } from "@live-orders/protocol/change";
import { problemSchema } from "@live-orders/protocol/problem";
import { feedStateSchema, resetSchema, type Watch, type WatchAck } from "@live-orders/protocol/socket-events";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { z } from "zod";
import { systemClock, type Clock } from "./clock.ts";
import { CountsPoller } from "./counts-poller.ts";
import type { FeedConnection, FeedTransport, FeedTransportEvents } from "./feed-transport.ts";
import type { OrdersApi } from "./orders-api.ts";

export interface SseOptions {
  /** `http://127.0.0.1:3000`, or nothing for the page's own origin. */
  readonly baseUrl?: string;
  /** For the counts, which the stream does not carry. */
  readonly api: OrdersApi;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

/** The server says something at once, and then at least every 15 s. In milliseconds. */
const FIRST_WORD = 10_000;
const SILENCE = 40_000;

/**
 * Server-Sent Events, read by `fetch`: unlike a browser's `EventSource` it tells why it was refused, hears the comments
 * that show that the connection stands, and runs in Node. The first batch acknowledges the watch.
 */
export function sseTransport(options: SseOptions): FeedTransport {
  return {
    name: "sse",
    open: (events) => {
      const connection = new SseConnection(options, events);
      // There is nothing to open: the first request is the watch's.
      queueMicrotask(() => {
        connection.opened();
      });
      return connection;
    },
  };
}

class SseConnection implements FeedConnection {
  readonly #options: SseOptions;
  readonly #events: FeedTransportEvents;
  readonly #counts: CountsPoller;
  #stop = new AbortController();
  #closed = false;
  #cancelSilence: () => void = () => undefined;

  constructor(options: SseOptions, events: FeedTransportEvents) {
    this.#options = options;
    this.#events = events;
    this.#counts = new CountsPoller(options.api, options.clock ?? systemClock, events.counts);
  }

  opened(): void {
    if (!this.#closed) this.#events.opened();
  }

  watch(watch: Watch, done: (ack: WatchAck) => void): void {
    this.#end();
    const stop = new AbortController();
    this.#stop = stop;
    if (watch.counts === true) this.#counts.start();
    void this.#read(watch, done, stop.signal);
  }

  unwatch(done: (ack: { ok: true }) => void): void {
    this.#end();
    done({ ok: true });
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  #end(): void {
    this.#stop.abort();
    this.#cancelSilence();
    this.#counts.stop();
  }

  async #read(watch: Watch, done: (ack: WatchAck) => void, signal: AbortSignal): Promise<void> {
    const { fetch: send = fetch } = this.#options;
    try {
      this.#expect(FIRST_WORD, signal);
      const headers = { Accept: "text/event-stream" };
      const response = await send(this.#url(watch), { signal, headers });
      if (response.ok && response.body !== null) await this.#follow(response.body, done, signal);
      else this.#refused(response.status, await response.text(), done, signal);
      this.#lose("the stream ended", signal);
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error), signal);
    }
  }

  #url({ statuses, after }: Watch): string {
    const query = new URLSearchParams();
    for (const status of statuses) query.append("status", status);
    if (after !== undefined) query.set("after", after);
    return `${(this.#options.baseUrl ?? "").replace(/\/+$/, "")}/api/changes/stream?${query.toString()}`;
  }

  async #follow(
    body: ReadableStream<Uint8Array>,
    done: (ack: WatchAck) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let acknowledge: ((ack: WatchAck) => void) | null = done;
    const parser = createParser({
      onEvent: (event) => {
        if (signal.aborted) return;
        const ack = this.#take(event, signal);
        if (ack === null) return;
        acknowledge?.(ack);
        acknowledge = null;
      },
    });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (let part = await reader.read(); !part.done && !signal.aborted; part = await reader.read()) {
      this.#expect(SILENCE, signal);
      parser.feed(decoder.decode(part.value, { stream: true }));
    }
  }

  /** Hands on an event; the acknowledgement that a batch stands for. */
  #take(event: EventSourceMessage, signal: AbortSignal): WatchAck | null {
    if (event.event === "reset") {
      this.#handOn(event, resetSchema, this.#events.reset, signal);
      return null;
    }
    if (event.event === "feed") {
      this.#handOn(event, feedStateSchema, this.#events.feed, signal);
      return null;
    }
    if (event.event !== "changes") return null;
    const batch = changeBatchSchema.safeParse(parseJson(event.data));
    if (!batch.success) {
      this.#lose("the server sent changes that are not of the contract", signal);
      return null;
    }
    const { changes, position, cursor } = batch.data;
    this.#events.changes(batch.data);
    if (changes.length > 0) this.#counts.changed();
    return { ok: true, position, cursor, replayed: changes.length };
  }

  #handOn<Value>(
    { event = "", data }: EventSourceMessage,
    schema: z.ZodType<Value>,
    use: (value: Value) => void,
    signal: AbortSignal,
  ): void {
    const parsed = schema.safeParse(parseJson(data));
    if (parsed.success) use(parsed.data);
    else this.#lose(`the server sent a ${event} that is not of the contract`, signal);
  }

  #refused(status: number, text: string, done: (ack: WatchAck) => void, signal: AbortSignal): void {
    const problem = problemSchema.safeParse(parseJson(text));
    if (signal.aborted) return;
    if (!problem.success) this.#lose(`the server answered ${status}`, signal);
    else {
      this.#end();
      done({ ok: false, problem: problem.data });
    }
  }

  /** Ends it when the server says nothing, if only a comment, for so long: a proxy may hold a stream back. */
  #expect(ms: number, signal: AbortSignal): void {
    this.#cancelSilence();
    this.#cancelSilence = (this.#options.clock ?? systemClock).after(ms, () => {
      this.#lose(`nothing was heard for ${ms / 1000} s`, signal);
    });
  }

  #lose(cause: string, signal: AbortSignal): void {
    if (this.#closed || signal.aborted) return;
    this.close();
    this.#events.lost(cause);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
