import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { Position } from "@live-orders/protocol/position";
import { slugOf } from "@live-orders/protocol/problem";
import type { FeedState, Reset, WatchAck } from "@live-orders/protocol/socket-events";
import { statusSet } from "@live-orders/protocol/status";
import { describeError, isTransient, type ApiError } from "./api-error.ts";
import { ClockOffset } from "./clock-offset.ts";
import { systemClock, type Clock } from "./clock.ts";
import {
  transition,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  type Moment,
} from "./connection-state.ts";
import type { FeedConsumer, FeedPlace } from "./feed-consumer.ts";
import { FeedLink } from "./feed-link.ts";
import { FeedPlaceKeeper } from "./feed-place.ts";
import type { FeedTransport } from "./feed-transport.ts";
import { Inbox } from "./inbox.ts";
import { LagMeter } from "./lag-meter.ts";
import { alwaysOnline, type Network } from "./network.ts";

export interface FeedOptions {
  readonly transport: FeedTransport;
  readonly consumer: FeedConsumer;
  /** Ask for the live counts, too. */
  readonly counts?: boolean;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly network?: Network;
  /** Whether the server still answers, asked when the machine says that it has no network; must answer in time. */
  readonly probe?: () => Promise<boolean>;
  /** How long the server may be silent before an acknowledgement, in milliseconds (20,000). */
  readonly ackTimeout?: number;
  readonly clockOffset?: ClockOffset;
}

type FeedItem =
  | { readonly kind: "batch"; readonly batch: ChangeBatch; readonly received: number }
  | { readonly kind: "caught-up"; readonly batch: ChangeBatch }
  | { readonly kind: "reset"; readonly reset: Reset }
  | { readonly kind: "feed"; readonly feed: FeedState };

/** Batches that may wait for a slow consumer; past it the connection is dropped, and taken up from the cursor. */
const MAX_WAITING = 1000;
const ACK_TIMEOUT = 20_000;

/**
 * Every change of some statuses, once and in commit order, over whatever transport, through cuts, restarts and resets.
 *
 * What leads from one state to another is in connection-state.ts; this class does what that asks for. It holds the
 * cursor: all up to it was taken by the consumer, and each connection begins with a watch from there. Where there is
 * none (at the start, for other statuses, after a reset) the consumer is asked for one while the connection opens, or
 * while the watch before is being ended.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #clock: Clock;
  readonly #place: FeedPlaceKeeper;
  readonly #inbox: Inbox<FeedItem>;
  readonly #lag: LagMeter;
  readonly #listeners = new Set<() => void>();
  #transport: FeedTransport;
  #state: ConnectionState = { kind: "idle" };
  #link: FeedLink | null = null;
  /** Counts the tries to get a watch: an older one gives way. */
  #turn = 0;
  #cancelWait: () => void = () => undefined;
  #leaveNetwork: () => void = () => undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#transport = options.transport;
    this.#clock = options.clock ?? systemClock;
    this.#place = new FeedPlaceKeeper(options.consumer);
    this.#inbox = new Inbox(
      (item) => this.#take(item),
      (error) => {
        this.#lose(`what was received could not be taken: ${messageOf(error)}`);
      },
    );
    this.#lag = new LagMeter(this.#clock, options.clockOffset ?? new ClockOffset(), (lag) => {
      this.#dispatch({ kind: "lag", lag });
    });
  }

  /** The same object until it changes. */
  state(): ConnectionState {
    return this.#state;
  }

  /** All up to here was taken by the consumer; null before the first place is known. */
  cursor(): Cursor | null {
    return this.#place.current()?.after ?? null;
  }

  /** All changes up to here were taken by the consumer; null before it is known. */
  position(): Position | null {
    return this.#place.current()?.position ?? null;
  }

  /** Told after every change of `state()`; the answer ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  start(): void {
    this.#leaveNetwork();
    this.#leaveNetwork = this.#network().subscribe(() => {
      void this.#networkChanged();
    });
    this.#dispatch({ kind: "start" });
  }

  /** Ends it; `start` goes on from the cursor. */
  stop(): void {
    this.#leaveNetwork();
    this.#lag.stop();
    this.#place.abandon();
    this.#dispatch({ kind: "stop" });
  }

  /** Asks the consumer for a new place, and goes over to it without a gap. */
  switchOver(): void {
    this.#place.forget({ kind: "switch" });
    this.#dispatch({ kind: "switch" });
  }

  /** Tries to connect now, if it is waiting to. */
  reconnectNow(): void {
    this.#dispatch({ kind: "due" });
  }

  /** Goes on over another transport, from where the last one came to. */
  useTransport(transport: FeedTransport): void {
    this.#transport = transport;
    this.#lose("another transport was chosen");
    this.reconnectNow();
  }

  #dispatch(event: ConnectionEvent): void {
    const { state, effects } = transition(this.#state, event);
    const changed = state !== this.#state;
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (changed) for (const listener of this.#listeners) listener();
  }

  #perform(effect: ConnectionEffect): void {
    switch (effect.kind) {
      case "open":
        this.#open();
        return;
      case "close":
        this.#close();
        return;
      case "subscribe":
        void this.#subscribe(Promise.resolve());
        return;
      case "resubscribe":
        void this.#subscribe(this.#unwatch());
        return;
      case "wait":
        this.#cancelWait();
        this.#cancelWait = this.#clock.after(effect.ms, () => {
          this.#dispatch({ kind: "due" });
        });
        return;
      case "cancel-wait":
        this.#cancelWait();
    }
  }

  #open(): void {
    const { consumer, ackTimeout = ACK_TIMEOUT } = this.#options;
    const events = {
      opened: () => {
        this.#dispatch({ kind: "opened" });
      },
      changes: (batch: ChangeBatch) => {
        this.#receive({ kind: "batch", batch, received: this.#clock.now() });
      },
      counts: consumer.counts?.bind(consumer) ?? (() => undefined),
      reset: (reset: Reset) => {
        this.#receive({ kind: "reset", reset });
      },
      feed: (feed: FeedState) => {
        this.#receive({ kind: "feed", feed });
      },
      lost: (cause: string) => {
        this.#lose(cause);
      },
    };
    this.#link = new FeedLink(this.#transport, events, this.#clock, ackTimeout);
    // A page is read while the connection opens.
    void this.#place.find();
  }

  #close(): void {
    this.#turn += 1;
    this.#link?.close();
    this.#link = null;
    this.#inbox.clear();
  }

  /** Resolves when nothing of the watch before follows. */
  #unwatch(): Promise<void> {
    this.#inbox.clear();
    return new Promise((resolve) => {
      this.#link?.unwatch(() => {
        resolve();
      });
    });
  }

  async #subscribe(unwatched: Promise<void>): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const [found] = await Promise.all([this.#place.find(), unwatched, this.#inbox.idle()]);
    if (turn !== this.#turn) return;
    // What was still being taken may have moved it.
    const place = this.#place.current();
    if (!found.ok) this.#fail(found.error);
    else if (place !== null) this.#watch(turn, place);
  }

  #watch(turn: number, place: FeedPlace): void {
    const watch = {
      statuses: statusSet(place.statuses),
      ...(place.after !== undefined && { after: place.after }),
      ...(this.#options.counts === true && { counts: true as const }),
    };
    this.#link?.watch(watch, (ack) => {
      if (turn === this.#turn) this.#acknowledged(ack);
    });
  }

  #acknowledged(ack: WatchAck): void {
    if (!ack.ok) this.#fail({ kind: "problem", problem: ack.problem, retryAfter: null });
    else if (ack.reset !== undefined)
      this.#receive({ kind: "reset", reset: { reason: ack.reset, cursor: ack.cursor } });
    else {
      const { position, cursor } = ack;
      this.#receive({ kind: "caught-up", batch: { changes: [], position, cursor } });
    }
  }

  #receive(item: FeedItem): void {
    if (this.#inbox.waiting >= MAX_WAITING) this.#lose("more changes came than could be taken in time");
    else this.#inbox.push(item);
  }

  #take(item: FeedItem): void | Promise<void> {
    switch (item.kind) {
      case "batch":
        return this.#apply(item.batch, (changes) => {
          this.#dispatch({ kind: "received", changes: changes.length });
          const last = changes.at(-1);
          if (last !== undefined && this.#state.kind === "live") this.#lag.saw(last, item.received);
        });
      case "caught-up":
        return this.#apply(item.batch, () => {
          this.#dispatch({ kind: "caught-up" });
        });
      case "reset":
        this.#place.forget({ kind: "reset", ...item.reset });
        this.#dispatch({ kind: "reset", reason: item.reset.reason, moment: this.#moment() });
        return;
      case "feed":
        this.#dispatch({ kind: item.feed.state === "stale" ? "feed-stale" : "feed-live" });
    }
  }

  /** Hands over what is new, and only then moves the cursor. */
  #apply(batch: ChangeBatch, taken: (changes: readonly Change[]) => void): void | Promise<void> {
    const { epoch } = this.#place;
    const turn = this.#turn;
    if (this.#place.hasPassed(batch)) return taken([]);
    const changes = this.#place.news(batch);
    const done = () => {
      this.#place.advance(batch, epoch);
      if (turn === this.#turn) taken(changes);
    };
    const wait = this.#options.consumer.apply({ ...batch, changes });
    return wait instanceof Promise ? wait.then(done) : done();
  }

  /** No watch came about. */
  #fail(error: ApiError): void {
    if (error.kind === "aborted") return;
    const passing = error.kind !== "problem" || isTransient(error) || slugOf(error.problem) === "replaced";
    if (passing) this.#lose(describeError(error));
    else this.#dispatch({ kind: "refused", problem: error.problem });
  }

  #lose(cause: string): void {
    this.#dispatch({ kind: "lost", cause, moment: this.#moment() });
  }

  #network(): Network {
    return this.#options.network ?? alwaysOnline;
  }

  #moment(): Moment {
    const roll = (this.#options.random ?? Math.random)();
    return { now: this.#clock.now(), roll, online: this.#network().online() };
  }

  /** A machine without a network may still reach a server of its own: the server is asked before it is believed. */
  async #networkChanged(): Promise<void> {
    if (this.#network().online()) {
      this.#dispatch({ kind: "online" });
      return;
    }
    const reached = (await this.#options.probe?.()) ?? false;
    if (!reached && !this.#network().online()) this.#dispatch({ kind: "offline", moment: this.#moment() });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
