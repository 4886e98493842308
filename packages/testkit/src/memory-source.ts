import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { ChangeHistory, HistoryEvent } from "@live-orders/store/change-history";
import type { ChangeSource, SourceEvent } from "@live-orders/store/change-source";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { StoreUnavailableError } from "@live-orders/store/order-store";
import type { MemoryDatabase } from "./memory-database.ts";

/**
 * One node's stream of a `MemoryDatabase`, moved by hand: nothing flows until `advance`, so that a simulation decides
 * how far each node lags and how the driver's batches fall.
 */
export class MemorySource implements ChangeSource {
  readonly #database: MemoryDatabase;
  #queue: SourceEvent[] = [];
  #wake: (() => void) | null = null;
  #at: CursorParts | null = null;

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  async *events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const wake = () => this.#wake?.();
    signal.addEventListener("abort", wake);
    this.#at = this.#database.now();
    this.#push({ kind: "opened", at: this.#at });
    while (!signal.aborted) {
      const event = this.#queue.shift();
      if (event) yield event;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Reads up to `most` changes that are committed and not read yet; a progress mark if that is all there is. */
  advance(most = Infinity): void {
    if (this.#at === null) return;
    const at = this.#at;
    if (at.generation !== this.#database.generation) return this.#reset("collection-gone");
    if (at.position < this.#database.floor) return this.#reset("history-lost");
    const unread = after(this.#database, at);
    const changes = unread.slice(0, most);
    const complete = changes.length === unread.length;
    const last = changes.at(-1);
    if (!complete && last === undefined) return;
    const position = complete || last === undefined ? this.#database.now().position : last.position;
    this.#at = { ...at, position };
    this.#push({ kind: "batch", changes, position });
  }

  /** The stream failed in a way that loses nothing. */
  fail(): void {
    this.#push({ kind: "down", cause: "resumable", detail: "the stream was cut", retryInMs: 100 });
  }

  #reset(reason: "collection-gone" | "history-lost"): void {
    this.#at = this.#database.now();
    this.#push({ kind: "reset", reason, at: this.#at });
  }

  #push(event: SourceEvent): void {
    this.#queue.push(event);
    this.#wake?.();
  }
}

/** A log that can be read from a position on: the database's own, or an archive of it. */
export interface MemoryPast {
  readonly generation: string;
  /** In commit order. */
  readonly log: readonly Change[];
  /** The lowest position that a reader may resume from. */
  readonly floor: Position;
  /** All of it that is committed is at or before it. */
  now(): CursorParts;
  /** Told when there is more of it, or less. */
  subscribe(listener: () => void): () => void;
}

/** The index of the first change after `position`. */
function firstAfter(log: readonly Change[], position: Position): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const change = log[middle];
    if (change && change.position > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

const after = (past: MemoryPast, at: CursorParts): readonly Change[] =>
  past.log.slice(firstAfter(past.log, at.position));

/** A past as a rung of the ladder, in pages of `pageSize` changes. */
export class MemoryHistory implements ChangeHistory {
  readonly rung: ChangeHistory["rung"];
  /** Streams open now, and the most there ever were at once. */
  open = 0;
  mostOpen = 0;
  /** While set, reading fails. */
  failing = false;
  readonly #past: MemoryPast;
  readonly #pageSize: number;

  constructor(past: MemoryPast, rung: ChangeHistory["rung"] = "database", pageSize = 3) {
    this.#past = past;
    this.rung = rung;
    this.#pageSize = pageSize;
  }

  async *read(from: CursorParts, signal: AbortSignal): AsyncGenerator<HistoryEvent> {
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    let at = from;
    try {
      while (!signal.aborted) {
        if (this.failing) throw new StoreUnavailableError("the history cannot be read");
        const lost = this.#lost(at);
        if (lost) return void (yield lost);
        const unread = after(this.#past, at);
        const changes = unread.slice(0, this.#pageSize);
        const rest = unread.length - changes.length;
        const position = rest > 0 ? (changes.at(-1)?.position ?? at.position) : this.#past.now().position;
        at = { ...at, position: position > at.position ? position : at.position };
        yield { kind: "batch", changes, position: at.position };
        if (rest === 0) await this.#news(signal);
      }
    } finally {
      this.open -= 1;
    }
  }

  #lost(at: CursorParts): HistoryEvent | null {
    if (at.generation !== this.#past.generation) return { kind: "lost", reason: "collection-gone" };
    return at.position < this.#past.floor ? { kind: "lost", reason: "history-lost" } : null;
  }

  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        stop();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const stop = this.#past.subscribe(done);
      signal.addEventListener("abort", done);
    });
  }
}
