import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { Watch, WatchAck } from "@live-orders/protocol/socket-events";
import { describeError, type ApiError } from "./api-error.ts";
import { catchUp, endedBy, readChanges, type CatchUpOptions } from "./catch-up.ts";
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
    const reading = this.#reading(watch, signal);
    const end = await catchUp({ ...reading, ...(watch.after !== undefined && { after: watch.after }) });
    switch (end.kind) {
      case "caught-up": {
        const { position, cursor, replayed } = end;
        done({ ok: true, position, cursor, replayed });
        await this.#follow(reading, cursor);
        return;
      }
      case "history-lost": {
        const { position, cursor } = end;
        done({ ok: true, position, cursor, replayed: 0, reset: "history-lost" });
        return;
      }
      case "refused":
        done({ ok: false, problem: end.problem });
        return;
      case "failed":
        this.#lose(end.error);
        return;
      case "aborted":
    }
  }

  async #follow(reading: CatchUpOptions, from: Cursor): Promise<void> {
    const { signal } = reading;
    let after = from;
    for (;;) {
      const answer = await readChanges({ ...reading, after, wait: this.#pace.wait });
      if (signal.aborted) return;
      if (!answer.ok) {
        await this.#fail(answer.error, signal);
        return;
      }
      after = answer.value.cursor;
      if (!answer.value.more) await pause(this.#clock, this.#pace.pause, signal);
    }
  }

  #reading({ statuses }: Watch, signal: AbortSignal): CatchUpOptions {
    const take = (batch: ChangeBatch) => {
      this.#events.changes(batch);
      if (batch.changes.length > 0) this.#counts.changed();
    };
    return { api: this.#api, statuses, signal, take };
  }

  async #fail(error: ApiError, signal: AbortSignal): Promise<void> {
    const end = await endedBy(this.#api, error, signal);
    if (end.kind === "history-lost") this.#events.reset({ reason: "history-lost", cursor: end.cursor });
    else if (end.kind !== "aborted") this.#lose(end.kind === "failed" ? end.error : error);
  }

  #lose(error: ApiError): void {
    if (this.#closed) return;
    this.close();
    this.#events.lost(describeError(error));
  }
}
