import { isSeenBy, type Room } from "@live-orders/protocol/room";
import type { Status } from "@live-orders/protocol/status";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { ChangeLog } from "./change-log.ts";
import type { EncodedBatch } from "./encoded-batch.ts";
import { batchOf, type LogEntry } from "./log-entry.ts";

/** What a reader of one room finds in the log after its place. */
export interface Page {
  /** Null if there is nothing that it sees. */
  readonly batch: EncodedBatch | null;
  readonly changes: number;
  /** The place that a reader has when it was handed the page. */
  readonly upTo: CursorParts;
  readonly reachesHead: boolean;
}

/** Statuses of one watcher, and the name of their room. */
export interface Filter {
  readonly room: Room;
  readonly statuses: readonly Status[];
}

const MAX_CACHED = 256;

/**
 * Cuts pages out of the log. Readers of one room that come back together left at the same place, so that pages are
 * kept as long as the log stands: a thousand such readers cost one encoding.
 */
export class LogPager {
  readonly #log: ChangeLog;
  readonly #limits: { readonly pageChanges: number; readonly pageBytes: number };
  readonly #cache = new Map<string, Page>();
  #cachedAt = -1;

  constructor(log: ChangeLog, limits: { readonly pageChanges: number; readonly pageBytes: number }) {
    this.#log = log;
    this.#limits = limits;
  }

  /** The next page after `place`, which the log reaches. */
  page(place: CursorParts, filter: Filter): Page {
    if (place.position > this.#log.head.position) {
      return { batch: null, changes: 0, upTo: place, reachesHead: false };
    }
    const first = this.#log.firstAfter(place.position);
    const { generation, position } = this.#log.head;
    const key = `${first} ${generation} ${position} ${filter.room}`;
    if (this.#cachedAt !== this.#log.end || this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cachedAt = this.#log.end;
    const cached = this.#cache.get(key) ?? this.#cut(first, filter);
    this.#cache.set(key, cached);
    return cached;
  }

  #cut(first: number, { statuses }: Filter): Page {
    const { entries, upTo } = collect(this.#log, first, statuses, {
      maxChanges: this.#limits.pageChanges,
      maxBytes: this.#limits.pageBytes,
    });
    const batch = entries.length === 0 ? null : batchOf(entries, upTo);
    const reachesHead = upTo.position === this.#log.head.position;
    return { batch, changes: entries.length, upTo, reachesHead };
  }
}

/** What a reader of `statuses` sees in the log from sequence number `first` on, as much as the limits let through. */
export function collect(
  log: ChangeLog,
  first: number,
  statuses: readonly Status[],
  limits: { readonly maxChanges: number; readonly maxBytes: number },
): { entries: LogEntry[]; upTo: CursorParts; more: boolean } {
  const entries: LogEntry[] = [];
  let bytes = 0;
  for (let sequence = first; ; sequence += 1) {
    const entry = log.entry(sequence);
    if (!entry) return { entries, upTo: log.head, more: false };
    if (!isSeenBy(entry, statuses)) continue;
    const last = entries.at(-1);
    if (last && (entries.length >= limits.maxChanges || bytes + entry.bytes > limits.maxBytes)) {
      const upTo = { generation: log.head.generation, position: last.position };
      return { entries, upTo, more: true };
    }
    entries.push(entry);
    bytes += entry.bytes;
  }
}
