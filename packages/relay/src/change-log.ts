import type { Position } from "@live-orders/protocol/position";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { LogEntry } from "./log-entry.ts";

/**
 * The latest changes, in commit order, in RAM: all that were committed after the floor and up to the head. Bounded by
 * count and bytes; what does not fit falls off at the old end and raises the floor.
 *
 * Entries are addressed by their sequence number, which counts from the start of the process and is never reused.
 */
export class ChangeLog {
  readonly #limits: { readonly logChanges: number; readonly logBytes: number };
  #head: CursorParts | null = null;
  #floor: Position = "";
  #entries: (LogEntry | undefined)[] = [];
  /** Entries at the start of the array that have fallen off already. */
  #dead = 0;
  /** The sequence number of the array's first entry, dead or not. */
  #base = 0;
  #bytes = 0;

  constructor(limits: { readonly logChanges: number; readonly logBytes: number }) {
    this.#limits = limits;
  }

  get isOpen(): boolean {
    return this.#head !== null;
  }

  /** Everything up to here is in the log or fell off it. */
  get head(): CursorParts {
    if (this.#head === null) throw new Error("the source has not opened yet");
    return this.#head;
  }

  get size(): { readonly changes: number; readonly bytes: number } {
    return { changes: this.#entries.length - this.#dead, bytes: this.#bytes };
  }

  /** The sequence number that the next entry will have. */
  get end(): number {
    return this.#base + this.#entries.length;
  }

  /** The newest change's place; null if there is none. */
  get newest(): Position | null {
    return this.#entries.at(-1)?.position ?? null;
  }

  /** Empties it: the feed goes on from `at`. */
  restart(at: CursorParts): void {
    this.#base = this.end;
    this.#entries = [];
    this.#dead = 0;
    this.#bytes = 0;
    this.#floor = at.position;
    this.#head = at;
  }

  /** The entries stand after the head, in order, and `at` is at or after the last of them. */
  append(entries: readonly LogEntry[], at: CursorParts): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#bytes += entry.bytes;
    }
    this.#head = at;
    this.#shrink();
  }

  /** Whether everything after `place` that was committed up to the head is here. True for a place past the head. */
  reaches(place: CursorParts): boolean {
    return place.generation === this.head.generation && place.position >= this.#floor;
  }

  /** The sequence number of the first entry after `position`; `end` if there is none. */
  firstAfter(position: Position): number {
    let low = this.#dead;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry && entry.position > position) high = middle;
      else low = middle + 1;
    }
    return this.#base + low;
  }

  /** Undefined past the end, and for what has fallen off. */
  entry(sequence: number): LogEntry | undefined {
    return this.#entries[sequence - this.#base];
  }

  #shrink(): void {
    const { logChanges, logBytes } = this.#limits;
    while (this.size.changes > logChanges || this.#bytes > logBytes) {
      const oldest = this.#entries[this.#dead];
      if (!oldest) break;
      this.#floor = oldest.position;
      this.#bytes -= oldest.bytes;
      this.#entries[this.#dead] = undefined;
      this.#dead += 1;
    }
    // Their slots go in one go when they are as many as the living: each entry is moved once on average.
    if (this.#dead < 64 || this.#dead * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#dead);
    this.#base += this.#dead;
    this.#dead = 0;
  }
}
