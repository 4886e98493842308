import { MAX_BODY } from "@live-orders/protocol/http-orders";
import {
  watchSchema,
  type ClientToServerEvents,
  type FeedState,
  type UnwatchAck,
  type Watch,
  type WatchAck,
} from "@live-orders/protocol/socket-events";
import { statusSet } from "@live-orders/protocol/status";
import type { Relay } from "@live-orders/relay/relay";
import type { Subscriber } from "@live-orders/relay/subscriber";
import type { WatchOutcome } from "@live-orders/relay/watches";
import type { Logger } from "pino";
import { problemBody, problemOf } from "../http/answer-problem.ts";
import { checked } from "../http/checked.ts";
import { invalid, ProblemError } from "../http/problem-error.ts";
import { cursorFrom } from "./cursor-parameter.ts";
import { EventBudget } from "./event-budget.ts";
import type { FeedWatch } from "./feed-watch.ts";
import type { CountsReader, LiveCounts } from "./live-counts.ts";

/** Far above what a person's clicks or a client's reconnects make. */
const BUDGET = { burst: 200, perSecond: 50 };

const TOO_LARGE = `An event must be at most ${MAX_BODY.single / 1024} KiB long`;

type Ack = (answer: WatchAck | UnwatchAck) => void;
const noAck: Ack = () => undefined;

export interface SessionParts {
  readonly relay: Relay;
  readonly feed: FeedWatch;
  readonly counts: LiveCounts;
  readonly log: Logger;
}

const nowMs = (): number => performance.now();

/** What a socket is told: its changes, and what there is beside them. */
export interface SocketVoice extends Subscriber, CountsReader {
  feed(feed: FeedState): void;
}

/** What one socket asks for: its events are checked here, and whatever comes of one is told by its acknowledgement. */
export class SocketSession {
  readonly #parts: SessionParts;
  readonly #reader: SocketVoice;
  readonly #budget = new EventBudget(nowMs, BUDGET);
  #events = 0;
  #messageLength = 0;

  constructor(parts: SessionParts, reader: SocketVoice) {
    this.#parts = parts;
    this.#reader = reader;
  }

  /** A message came, of so many characters or bytes; its event follows. */
  incoming(length: number): void {
    this.#messageLength = length;
  }

  /** Any event, with whatever the client sent along. Events without a meaning are passed over. */
  handle(event: unknown, args: readonly unknown[]): void {
    this.#events += 1;
    const last = args.at(-1);
    // Socket.IO puts its own function there if the client asked for an acknowledgement; a client can't send one.
    const ack: Ack =
      typeof last === "function" ? (answer) => void Reflect.apply(last, null, [answer]) : noAck;
    const payload = typeof last === "function" ? args.slice(0, -1) : args;
    try {
      if (!this.#budget.spend()) {
        throw new ProblemError("rate-limited", { detail: "Too many events: wait a second" });
      }
      if (this.#messageLength > MAX_BODY.single) throw new ProblemError("too-large", { detail: TOO_LARGE });
      if (event === ("watch" satisfies keyof ClientToServerEvents)) this.#watch(payload, ack);
      else if (event === ("unwatch" satisfies keyof ClientToServerEvents)) this.#unwatch(payload, ack);
      else if (ack !== noAck) throw invalid("event", "is not known");
    } catch (error) {
      ack(this.#refusal(error));
    }
  }

  end(): void {
    this.#parts.counts.remove(this.#reader);
    this.#parts.relay.unwatch(this.#reader);
  }

  #watch(payload: readonly unknown[], ack: Ack): void {
    if (payload.length !== 1) throw invalid("watch", "takes one object");
    const watch = checked(watchSchema, payload[0], "watch");
    const after = cursorFrom(watch.after, "after");
    const want = { statuses: statusSet(watch.statuses), ...(after === undefined ? {} : { after }) };
    this.#parts.counts.remove(this.#reader);
    this.#parts.relay.watch(this.#reader, want, (outcome) => this.#watched(watch, outcome, ack));
  }

  #watched(watch: Watch, outcome: WatchOutcome, ack: Ack): void {
    if (outcome.kind === "watching") {
      const { position, cursor, replayed, reset } = outcome;
      ack({ ok: true, position, cursor, replayed, ...(reset === undefined ? {} : { reset }) });
      if (watch.counts === true) this.#parts.counts.add(this.#reader);
      if (this.#parts.feed.isStale) this.#reader.feed({ state: "stale" });
      return;
    }
    const refused =
      outcome.kind === "replaced"
        ? new ProblemError("replaced", { detail: "A later watch or unwatch of this socket took its place" })
        : new ProblemError("unavailable", { detail: "The feed can't be read just now: watch again" });
    ack(this.#refusal(refused));
  }

  #unwatch(payload: readonly unknown[], ack: Ack): void {
    if (payload.length > 0) throw invalid("unwatch", "takes nothing");
    this.end();
    ack({ ok: true });
  }

  #refusal(error: unknown): Extract<WatchAck, { ok: false }> {
    const requestId = `${this.#reader.id}.${this.#events}`;
    const { slug, details } = problemOf(error, this.#parts.log.child({ requestId }));
    return { ok: false, problem: problemBody(slug, details, requestId) };
  }
}
