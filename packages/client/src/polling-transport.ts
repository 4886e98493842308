import type { ChangesAnswer } from "@live-orders/protocol/http-changes";
import type { Watch, WatchAck } from "@live-orders/protocol/socket-events";
import { describeError, problemSlug, type ApiError, type ApiResult } from "./api-error.ts";
import { pause, systemClock, type Clock } from "./clock.ts";
import { CountsPoller } from "./counts-poller.ts";
import type { FeedConnection, FeedTransport, FeedTransportEvents } from "./feed-transport.ts";
import type { OrdersApi } from "./orders-api.ts";

export interface PollingOptions {
  readonly api: OrdersApi;
  readonly clock?: Clock;
}

/** How the changes are asked for: seconds that the server may wait, milliseconds between an answer and the next request. */
interface Pace {
  readonly wait: number;
  readonly pause: number;
}

/** `GET /api/changes`, answered when there is something, or after `wait` seconds (25). */
export const longPollTransport = (options: PollingOptions & { readonly wait?: number }): FeedTransport =>
  transport("long-poll", options, { wait: options.wait ?? 25, pause: 0 });

/** `GET /api/changes` every `interval` milliseconds (2,000). */
export const pollTransport = (options: PollingOptions & { readonly interval?: number }): FeedTransport =>
  transport("poll", options, { wait: 0, pause: options.interval ?? 2000 });

function transport(name: string, options: PollingOptions, pace: Pace): FeedTransport {
  return {
    name,
    open: (events) => {
      const connection = new PollingConnection(options, pace, events);
      // There is nothing to open: the first request is the watch's.
      queueMicrotask(() => {
        connection.opened();
      });
      return connection;
    },
  };
}

class PollingConnection implements FeedConnection {
  readonly #api: OrdersApi;
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #events: FeedTransportEvents;
  readonly #counts: CountsPoller;
  #stop: AbortController | null = null;
  #closed = false;

  constructor({ api, clock = systemClock }: PollingOptions, pace: Pace, events: FeedTransportEvents) {
    this.#api = api;
    this.#clock = clock;
    this.#pace = pace;
    this.#events = events;
    this.#counts = new CountsPoller(api, clock, events.counts);
  }

  opened(): void {
    if (!this.#closed) this.#events.opened();
  }

  watch(watch: Watch, done: (ack: WatchAck) => void): void {
    this.#end();
    const stop = new AbortController();
    this.#stop = stop;
    if (watch.counts === true) this.#counts.start();
    void this.#run(watch, done, stop.signal);
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
    this.#stop?.abort();
    this.#counts.stop();
  }

  async #run(watch: Watch, done: (ack: WatchAck) => void, signal: AbortSignal): Promise<void> {
    const ack = await this.#catchUp(watch, signal);
    if (ack === null || signal.aborted) return;
    done(ack);
    if (ack.ok && ack.reset === undefined) await this.#follow(watch, ack.cursor, signal);
  }

  /** Reads what was missed, as far as it goes. Null: the connection is over. */
  async #catchUp(watch: Watch, signal: AbortSignal): Promise<WatchAck | null> {
    let { after } = watch;
    let replayed = 0;
    for (;;) {
      const answer = await this.#next(watch, after, signal, 0);
      if (signal.aborted) return null;
      if (!answer.ok) return this.#refusal(answer.error, signal);
      const { changes, position, cursor, more } = answer.value;
      replayed += changes.length;
      if (!more) return { ok: true, position, cursor, replayed };
      after = cursor;
    }
  }

  async #follow(watch: Watch, from: string, signal: AbortSignal): Promise<void> {
    let after = from;
    for (;;) {
      const answer = await this.#next(watch, after, signal, this.#pace.wait);
      if (signal.aborted) return;
      if (!answer.ok) {
        await this.#fail(answer.error, signal);
        return;
      }
      after = answer.value.cursor;
      if (!answer.value.more) await pause(this.#clock, this.#pace.pause, signal);
    }
  }

  async #next(
    watch: Watch,
    after: string | undefined,
    signal: AbortSignal,
    wait: number,
  ): Promise<ApiResult<ChangesAnswer>> {
    const query = { statuses: watch.statuses, wait, ...(after !== undefined && { after }) };
    const answer = await this.#api.changes(query, { signal });
    if (signal.aborted || !answer.ok || answer.value.cursor === after) return answer;
    const { changes, position, cursor } = answer.value;
    this.#events.changes({ changes, position, cursor });
    if (changes.length > 0) this.#counts.changed();
    return answer;
  }

  /** A lost history is no failure: the feed goes on from now. */
  async #refusal(error: ApiError, signal: AbortSignal): Promise<WatchAck | null> {
    if (problemSlug(error) === "history-lost") {
      const now = await this.#now(signal);
      return now && { ok: true, ...now, replayed: 0, reset: "history-lost" };
    }
    if (error.kind === "problem") return { ok: false, problem: error.problem };
    this.#lose(error);
    return null;
  }

  async #fail(error: ApiError, signal: AbortSignal): Promise<void> {
    if (problemSlug(error) !== "history-lost") {
      this.#lose(error);
      return;
    }
    const now = await this.#now(signal);
    if (now !== null) this.#events.reset({ reason: "history-lost", cursor: now.cursor });
  }

  async #now(signal: AbortSignal): Promise<Pick<ChangesAnswer, "position" | "cursor"> | null> {
    const answer = await this.#api.changes({}, { signal });
    if (answer.ok) return { position: answer.value.position, cursor: answer.value.cursor };
    if (!signal.aborted) this.#lose(answer.error);
    return null;
  }

  #lose(error: ApiError): void {
    if (this.#closed) return;
    this.close();
    this.#events.lost(describeError(error));
  }
}
