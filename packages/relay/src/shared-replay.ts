import { isSeenBy } from "@live-orders/protocol/room";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { ChangeHistory, HistoryEvent } from "@live-orders/store/change-history";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Change } from "@live-orders/protocol/change";
import type { Backlogs } from "./backlogs.ts";
import { batchOf, cutIntoRuns, type LogEntry, type Run } from "./log-entry.ts";
import type { EncodedBatch } from "./encoded-batch.ts";
import type { Filter } from "./log-pager.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { RelayObserver, Rung } from "./relay-observer.ts";
import type { Timers } from "./timers.ts";
import { pause, within } from "./within.ts";

/** Somebody whose place lies before the log in RAM. */
export interface ReplayReader {
  readonly filter: Filter;
  /** Moves on when it is offered something. */
  readonly place: CursorParts;
  /** Takes what lies between its place and `page.upTo`. False: it wants no more and has left the replay. */
  offer(page: ReplayPage): boolean;
  /** It has left the replay: now it may go elsewhere, or come back. */
  onward(): void;
  /** No rung of the ladder reaches back to its place. */
  lost(reason: ResetReason): void;
  /** The history cannot be read just now. */
  failed(): void;
}

/** A run of history, cut to each reader's filter and place. */
export class ReplayPage {
  readonly rung: Rung;
  readonly upTo: CursorParts;
  readonly #from: CursorParts;
  readonly #entries: readonly LogEntry[];
  readonly #shared = new Map<string, { batch: EncodedBatch; changes: number } | null>();

  constructor(rung: Rung, from: CursorParts, run: Run) {
    this.rung = rung;
    this.#from = from;
    this.#entries = run.entries;
    this.upTo = run.upTo;
  }

  entriesFor({ statuses }: Filter, place: CursorParts): LogEntry[] {
    return this.#entries.filter((entry) => entry.position > place.position && isSeenBy(entry, statuses));
  }

  /** Null if the reader sees nothing of it. Encoded once for all readers of a room that take the whole of it. */
  batchFor(filter: Filter, place: CursorParts): { batch: EncodedBatch; changes: number } | null {
    if (place.position > this.#from.position) return this.#cut(filter, place);
    const known = this.#shared.get(filter.room);
    if (known !== undefined) return known;
    const made = this.#cut(filter, place);
    this.#shared.set(filter.room, made);
    return made;
  }

  #cut(filter: Filter, place: CursorParts): { batch: EncodedBatch; changes: number } | null {
    const entries = this.entriesFor(filter, place);
    return entries.length === 0 ? null : { batch: batchOf(entries, this.upTo), changes: entries.length };
  }
}

interface ReplayParts {
  readonly histories: readonly ChangeHistory[];
  readonly timers: Timers;
  readonly limits: RelayLimits;
  readonly observer: RelayObserver;
  readonly backlogs: Backlogs;
}

const MAX_CROWDED_POLLS = 50;

/** How one stream of history ended. */
type End = { kind: "left" } | { kind: "failed" } | { kind: "lost"; at: CursorParts; reason: ResetReason };

/**
 * The rungs of the catch-up ladder below the log in RAM, for all readers that need them, with one stream at a time.
 *
 *     history   ───●────────●═════════════●─────────────►   ═ the stream, opened at the oldest place
 *                  │        │             │
 *               c: waits    a: rides on   b: rides from when the stream gets to its place
 *               (came late; the next stream is its)
 *
 * Every reader that waits is a place and no more. The stream stands at `at`, too, a place. A reader rides if its place
 * is at or after the stream's: so it is offered every run from its own place on, wherever it got on, and the rule that
 * joins a newcomer to a running replay is the same that keeps it there. A reader that leaves (it has reached the log
 * in RAM, it has enough, its network is slow) and comes back later is a newcomer with another place.
 *
 * A stream per reader was the first idea. It costs the database one log scan each, just when thousands come back from
 * the same cut; and a cache of what one stream found, for the next reader, is the log in RAM once more.
 *
 * `lost` at a place means lost for all older places, too. So when the oldest is lost, the next stream is tried from
 * the middle of those that remain: of a thousand readers with nothing to go back to, ten cost a stream, not all.
 */
export class SharedReplay {
  readonly #parts: ReplayParts;
  /** Each reader that waits or rides, with the rung that it is to try: those before it do not reach its place. */
  readonly #readers = new Map<ReplayReader, number>();
  #isRunning = false;
  #current: { readonly abort: AbortController; readonly generation: string } | null = null;
  #lossesInARow = 0;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#current !== null;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** False: too many wait already. The reader hears of it later, never from within this call. */
  add(reader: ReplayReader): boolean {
    if (this.#readers.size >= this.#parts.limits.replayReaders) return false;
    this.#readers.set(reader, 0);
    if (this.#isRunning) return true;
    this.#isRunning = true;
    // Those who come in the same turn share the stream, whichever of them came first.
    this.#parts.timers.after(0, () => {
      void this.#run();
    });
    return true;
  }

  remove(reader: ReplayReader): void {
    this.#readers.delete(reader);
  }

  /** The feed started afresh at `at`. Readers of another generation have nothing to go back to any more. */
  restart(at: CursorParts, reason: ResetReason): void {
    const isOver = ({ place }: ReplayReader): boolean => place.generation !== at.generation;
    const over = [...this.#readers.keys()].filter(isOver);
    if (this.#current?.generation !== at.generation) this.#current?.abort.abort();
    for (const reader of over) this.#take(reader)?.lost(reason);
  }

  stop(): void {
    this.#current?.abort.abort();
    for (const reader of [...this.#readers.keys()]) this.#take(reader)?.failed();
  }

  async #run(): Promise<void> {
    while (this.#readers.size > 0) {
      const [reader, rung] = this.#choose();
      const history = this.#parts.histories[rung];
      const end: End = history
        ? await this.#replay(history, reader.place)
        : { kind: "lost", at: reader.place, reason: "history-lost" };
      if (end.kind === "lost") this.#descend(end.at, rung, end.reason);
      else this.#lossesInARow = 0;
      if (end.kind === "failed") await pause(this.#parts.timers, this.#parts.limits.replayRetryMs);
    }
    this.#isRunning = false;
  }

  /** Whose place the next stream is opened at: the oldest, or after a loss the middle one. */
  #choose(): [ReplayReader, number] {
    const byAge = [...this.#readers].sort(([a], [b]) => (a.place.position < b.place.position ? -1 : 1));
    const index = this.#lossesInARow >= this.#parts.histories.length ? byAge.length >>> 1 : 0;
    const chosen = byAge[index];
    if (!chosen) throw new Error("nobody waits for a replay");
    return chosen;
  }

  async #replay(history: ChangeHistory, from: CursorParts): Promise<End> {
    const abort = new AbortController();
    this.#current = { abort, generation: from.generation };
    this.#parts.observer.replayOpened(history.rung);
    let stream: AsyncIterator<HistoryEvent> | undefined;
    let at = from;
    try {
      stream = history.read(from, abort.signal)[Symbol.asyncIterator]();
      while (this.#riders(at).length > 0) {
        const event = await this.#next(stream, abort.signal);
        if (event === null) return { kind: "left" };
        if (event.kind === "lost") return { kind: "lost", at, reason: event.reason };
        at = await this.#ride(history.rung, at, event, abort.signal);
      }
      return { kind: "left" };
    } catch (error) {
      if (abort.signal.aborted) return { kind: "left" };
      this.#parts.observer.fault(`the rung ${history.rung} failed`, error);
      for (const reader of this.#riders(at)) this.#take(reader)?.failed();
      return { kind: "failed" };
    } finally {
      abort.abort();
      this.#current = null;
      void Promise.resolve(stream?.return?.()).catch(() => undefined);
    }
  }

  /** Null if the signal aborted. */
  async #next(stream: AsyncIterator<HistoryEvent>, signal: AbortSignal): Promise<HistoryEvent | null> {
    const { timers, limits } = this.#parts;
    const result = await within(timers, limits.replaySilenceMs, asIs(stream.next()), signal);
    if (signal.aborted) return null;
    if (result === null) throw new Error("no sign of life in time");
    if ("error" in result) throw result.error;
    if (result.value.done === true) throw new Error("it ended by itself");
    return result.value.value;
  }

  /** Offers a batch to all who ride, run by run. Returns how far the stream has got. */
  async #ride(
    rung: Rung,
    from: CursorParts,
    event: { readonly changes: readonly Change[]; readonly position: string },
    signal: AbortSignal,
  ): Promise<CursorParts> {
    const changes = event.changes.filter(({ position }) => position > from.position);
    const position = event.position > from.position ? event.position : from.position;
    let at = from;
    for (const run of cutIntoRuns(changes, { ...from, position }, this.#runLimits())) {
      const page = new ReplayPage(rung, at, run);
      for (const reader of this.#riders(at)) this.#offer(reader, page);
      at = run.upTo;
      if (run.entries.length > 0) await this.#breathe();
      if (signal.aborted) break;
    }
    return at;
  }

  /** Lets the networks take what they were handed; for longer, but not for ever, if too much waits in all. */
  async #breathe(): Promise<void> {
    const { backlogs, timers, limits } = this.#parts;
    await pause(timers, 0);
    for (let polls = 0; backlogs.isCrowded && polls < MAX_CROWDED_POLLS; polls += 1) {
      await pause(timers, limits.drainPollMs);
      backlogs.lookAtAll();
    }
  }

  #offer(reader: ReplayReader, page: ReplayPage): void {
    if (reader.place.position >= page.upTo.position) return;
    if (reader.offer(page)) return;
    this.#take(reader)?.onward();
  }

  /** `lost` at a place holds for all older places. Who has no rung left is told. */
  #descend(at: CursorParts, rung: number, reason: ResetReason): void {
    this.#lossesInARow += 1;
    for (const [reader, tried] of [...this.#readers]) {
      if (reader.place.position > at.position || tried > rung) continue;
      if (rung + 1 < this.#parts.histories.length) this.#readers.set(reader, rung + 1);
      else this.#take(reader)?.lost(reason);
    }
  }

  #riders(at: CursorParts): ReplayReader[] {
    return [...this.#readers.keys()].filter(({ place }) => place.position >= at.position);
  }

  /** Takes the reader out; null if it has gone already. */
  #take(reader: ReplayReader): ReplayReader | null {
    return this.#readers.delete(reader) ? reader : null;
  }

  #runLimits(): { maxChanges: number; maxBytes: number } {
    return { maxChanges: this.#parts.limits.pageChanges, maxBytes: this.#parts.backlogs.shareBytes };
  }
}

/** A promise that never rejects, so that a late failure of a stream that was given up harms nobody. */
const asIs = <T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
