import type { ConnectionState } from "@live-orders/client/connection-state";
import type { FeedBeginning, FeedConsumer, FeedPlace } from "@live-orders/client/feed-consumer";
import type { FeedTransport } from "@live-orders/client/feed-transport";
import { Feed, type FeedOptions } from "@live-orders/client/feed";
import type { Change } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { Position } from "@live-orders/protocol/position";
import { describeError } from "@live-orders/client/api-error";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { Status } from "@live-orders/protocol/status";
import { CliFailure } from "../terminal/cli-failure.ts";

/** Whoever prints what comes. The feed waits for each, and counts as seen only what has been taken. */
export interface TailSink {
  /** In commit order; `before` stands somewhere before the first of them, `after` behind the last. There may be none. */
  changes(changes: readonly Change[], before: Cursor, after: Cursor): Promise<void>;
  /** What came between the last cursor and this one can't be told any more. */
  reset(reason: ResetReason, cursor: Cursor): Promise<void>;
  lost(cause: string): void;
  back(): void;
}

export interface TailOptions extends Pick<FeedOptions, "clock" | "random"> {
  readonly transport: FeedTransport;
  readonly statuses: readonly Status[];
  /** Undefined: from now on. */
  readonly from: Cursor | undefined;
  /** Changes up to here are left out. */
  readonly seen: Position | undefined;
  readonly sink: TailSink;
  readonly signal: AbortSignal;
  /** Why the server can't be reached, for a person. */
  readonly explain: (cause: string) => Promise<CliFailure>;
}

/**
 * Hands every change to the sink until the signal aborts. Once the server has answered, it outlives any number of its
 * restarts.
 *
 * @throws CliFailure if the server can't be reached at first, or refuses
 */
export async function tailFeed(options: TailOptions): Promise<void> {
  const { transport, sink, signal, clock, random } = options;
  const consumer = new TailConsumer(options);
  const feed = new Feed({ transport, consumer, ...(clock && { clock }), ...(random && { random }) });
  const watcher = new ConnectionWatcher(sink);
  try {
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        resolve();
      };
      feed.subscribe(() => {
        const failure = watcher.saw(feed.state());
        if (failure === null) return;
        if (failure.kind === "refused") reject(failure.failure);
        else options.explain(failure.cause).then(reject, reject);
      });
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      else feed.start();
    });
  } finally {
    feed.stop();
  }
}

class TailConsumer implements FeedConsumer {
  readonly #options: TailOptions;
  #before: Cursor | undefined;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#before = options.from;
  }

  async begin(beginning: FeedBeginning) {
    const { statuses, from, seen, sink } = this.#options;
    if (beginning.kind !== "reset") {
      const place = {
        statuses,
        ...(from !== undefined && { after: from }),
        ...(seen !== undefined && { position: seen }),
      };
      return success(place);
    }
    const { reason, cursor } = beginning;
    await sink.reset(reason, cursor);
    this.#before = cursor;
    return success({ statuses, after: cursor });
  }

  async apply({ changes, cursor }: { readonly changes: readonly Change[]; readonly cursor: Cursor }) {
    await this.#options.sink.changes(changes, this.#before ?? cursor, cursor);
    this.#before = cursor;
  }
}

const success = (value: FeedPlace) => ({ ok: true as const, value });

type ConnectionFailure =
  | { readonly kind: "refused"; readonly failure: CliFailure }
  | { readonly kind: "unreachable"; readonly cause: string };

/** Tells when the connection goes and comes. The first one must come about; later ones are waited for. */
class ConnectionWatcher {
  readonly #sink: TailSink;
  #reached = false;
  #away = false;

  constructor(sink: TailSink) {
    this.#sink = sink;
  }

  saw(state: ConnectionState): ConnectionFailure | null {
    switch (state.kind) {
      case "refused": {
        const why = describeError({ kind: "problem", problem: state.problem, retryAfter: null });
        return { kind: "refused", failure: new CliFailure("failed", why) };
      }
      case "reconnecting":
        if (!this.#reached) return { kind: "unreachable", cause: state.cause };
        if (!this.#away) this.#sink.lost(state.cause);
        this.#away = true;
        return null;
      case "stale":
        if (!this.#away) this.#sink.lost("the server hears nothing from its database");
        this.#away = true;
        return null;
      case "catching-up":
        // A transport may be open without the server's word: polling is.
        if (state.changes > 0) this.#reached = true;
        return null;
      case "resynced":
        this.#reached = true;
        return null;
      case "live":
        this.#reached = true;
        if (this.#away) this.#sink.back();
        this.#away = false;
        return null;
      default:
        return null;
    }
  }
}
