import type { Counts } from "@live-orders/protocol/http-orders";
import type { Position } from "@live-orders/protocol/position";
import type { SeenChange } from "@live-orders/protocol/room";
import { STATUSES } from "@live-orders/protocol/status";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { Relay } from "@live-orders/relay/relay";
import type { Subscriber } from "@live-orders/relay/subscriber";
import type { Cancel, Timers } from "@live-orders/relay/timers";
import type { WatchOutcome } from "@live-orders/relay/watches";
import type { OrderStore } from "@live-orders/store/order-store";
import type { Logger } from "pino";
import { inTime } from "../http/deadline.ts";
import { PacedCounts } from "./paced-counts.ts";

/** Whoever wants to see the counts. */
export interface CountsReader {
  counts(counts: Counts): void;
}

export interface LiveCountsParts {
  readonly orders: OrderStore;
  readonly relay: Relay;
  readonly timers: Timers;
  readonly log: Logger;
  /** How many changes of rows that break the table the store has met. */
  leftOut(): number;
}

const RETRY_MS = 1_000;

/**
 * The orders of each status, kept up for all who watch them: counted once as of a position, then carried on by the
 * images of each change after it, so that they are exact as of the feed's position. It is an ordinary reader of the
 * feed, for as long as anybody watches. A change that lacks an image, a reset, or rows that break the table, of which a
 * count may have taken one for an order, lead to a new count.
 */
export class LiveCounts {
  readonly #parts: LiveCountsParts;
  readonly #readers = new Map<CountsReader, PacedCounts>();
  readonly #subscriber: Subscriber;
  #counts: Counts | null = null;
  /** As it was when the count began. */
  #leftOut = 0;
  #counting: AbortController | null = null;
  #retry: Cancel = () => undefined;

  constructor(parts: LiveCountsParts) {
    this.#parts = parts;
    this.#subscriber = {
      id: "live-counts",
      outlet: { name: "socket-io", broadcast: (_room, batch) => this.#take(batch) },
      send: (batch) => this.#take(batch),
      reset: () => this.#restart(),
      join: () => undefined,
      leave: () => undefined,
      backlogBytes: () => 0,
      close: () => this.#restart(),
    };
  }

  /** It gets the counts at once (or when they have been counted), then at most once a second when they change. */
  add(reader: CountsReader): void {
    if (this.#readers.has(reader)) return;
    const paced = new PacedCounts((counts) => reader.counts(counts), this.#parts.timers);
    this.#readers.set(reader, paced);
    if (this.#counts !== null) paced.offer(this.#counts);
    else if (this.#counting === null) this.#count();
  }

  remove(reader: CountsReader): void {
    this.#readers.get(reader)?.stop();
    this.#readers.delete(reader);
    if (this.#readers.size === 0) this.#stop();
  }

  #stop(): void {
    this.#counts = null;
    this.#counting?.abort();
    this.#counting = null;
    this.#retry();
    this.#parts.relay.unwatch(this.#subscriber);
  }

  /** With a pause: what made it needful may last. */
  #restart(): void {
    this.#stop();
    if (this.#readers.size > 0) this.#retry = this.#parts.timers.after(RETRY_MS, () => this.#count());
  }

  #count(): void {
    const counting = new AbortController();
    this.#counting = counting;
    this.#leftOut = this.#parts.leftOut();
    inTime(this.#parts.orders.counts("")).then(
      (counts) => {
        if (!counting.signal.aborted) this.#follow(counts);
      },
      (error: unknown) => {
        if (counting.signal.aborted) return;
        this.#parts.log.debug({ err: error }, "the orders could not be counted");
        this.#restart();
      },
    );
  }

  #follow(counts: Counts): void {
    const { relay } = this.#parts;
    if (relay.head === null) return this.#restart();
    this.#counts = counts;
    this.#tell();
    const after = { generation: relay.head.generation, position: counts.position };
    relay.watch(this.#subscriber, { statuses: STATUSES, after }, (outcome) => this.#followed(outcome));
  }

  #followed(outcome: WatchOutcome): void {
    const follows = outcome.kind === "watching" && outcome.reset === undefined;
    if (!follows && outcome.kind !== "replaced") this.#restart();
  }

  #take({ position, seen }: EncodedBatch): void {
    if (this.#counts === null) return;
    if (this.#parts.leftOut() !== this.#leftOut) return this.#restart();
    if (position <= this.#counts.position) return;
    const counts = carriedOn(this.#counts, seen, position);
    if (counts === null) return this.#restart();
    const changed = STATUSES.some((status) => counts[status] !== this.#counts?.[status]);
    this.#counts = counts;
    if (changed) this.#tell();
  }

  #tell(): void {
    if (this.#counts === null) return;
    for (const paced of this.#readers.values()) paced.offer(this.#counts);
  }
}

/** The counts after these changes; null if a change lacks an image that it takes. */
export function carriedOn(counts: Counts, changes: readonly SeenChange[], position: Position): Counts | null {
  const next = { ...counts, position };
  for (const change of changes) {
    if (change.position <= counts.position) continue;
    const { op, before, after } = change;
    if ((before === null && op !== "insert") || (after === null && op !== "delete")) return null;
    if (before !== null) next[before.status] -= 1;
    if (after !== null) next[after.status] += 1;
  }
  next.total = next.pending + next.shipped + next.delivered;
  return next;
}
