import type { Cursor } from "@live-orders/protocol/cursor";
import { isSeenBy } from "@live-orders/protocol/room";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { Status } from "@live-orders/protocol/status";
import { encodeCursor, type CursorParts } from "@live-orders/store/cursor-parts";
import type { AdmissionDesk } from "./admission.ts";
import type { ChangeLog } from "./change-log.ts";
import type { EncodedBatch } from "./encoded-batch.ts";
import type { HeadGate } from "./head-gate.ts";
import { batchOf, type LogEntry } from "./log-entry.ts";
import { collect } from "./log-pager.ts";
import { replayForRead, type Found } from "./replayed-read.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { RelayObserver } from "./relay-observer.ts";
import type { SharedReplay } from "./shared-replay.ts";
import type { Timers } from "./timers.ts";

export interface ReadRequest {
  /** Not empty. */
  readonly statuses: readonly Status[];
  /** Null: the cursor of now is all that is asked for. */
  readonly after: CursorParts | null;
  /** The most changes in the answer. */
  readonly limit: number;
  /** How long to wait for a change if there is none; 0 answers with all that was committed before the call. */
  readonly waitMs: number;
  /** Ends the read early, with any outcome. */
  readonly signal: AbortSignal;
}

export type ReadOutcome =
  /** `more`: the limit cut it short, ask again at once. */
  | { readonly kind: "batch"; readonly batch: EncodedBatch; readonly more: boolean }
  /** `cursor`: from where on the feed can be read. */
  | { readonly kind: "lost"; readonly reason: ResetReason; readonly cursor: Cursor }
  | { readonly kind: "unavailable" };

interface ReadsParts {
  readonly log: ChangeLog;
  readonly gate: HeadGate;
  readonly desk: AdmissionDesk;
  readonly replay: SharedReplay;
  readonly timers: Timers;
  readonly limits: RelayLimits;
  readonly observer: RelayObserver;
}

/** A read after a cursor. */
type ReadAfter = ReadRequest & { readonly after: CursorParts };

interface WaitingRead {
  readonly statuses: readonly Status[];
  readonly wake: () => void;
}

const UNAVAILABLE: ReadOutcome = { kind: "unavailable" };

/** The answers of `GET /api/changes`: one batch each, from the log in RAM or the ladder below it. */
export class Reads {
  readonly #parts: ReadsParts;
  readonly #waiting = new Set<WaitingRead>();
  #replaying = 0;
  #isStopped = false;

  constructor(parts: ReadsParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** How many reads wait for a replay of history. */
  get replaying(): number {
    return this.#replaying;
  }

  async read(want: ReadRequest): Promise<ReadOutcome> {
    const { gate, limits, observer } = this.#parts;
    try {
      if (!(await gate.opened(limits.clockMs))) return UNAVAILABLE;
      const { after } = want;
      const outcome = after === null ? await this.#now() : await this.#answer({ ...want, after });
      if (outcome.kind === "lost") observer.reset(outcome.reason);
      return outcome;
    } catch (error) {
      observer.fault("a read failed", error);
      return UNAVAILABLE;
    }
  }

  /** To be called when the head has moved by these changes. */
  headMoved(entries: readonly LogEntry[]): void {
    if (entries.length === 0) return;
    for (const { statuses, wake } of [...this.#waiting]) {
      if (entries.some((entry) => isSeenBy(entry, statuses))) wake();
    }
  }

  /** The feed started afresh: every read looks again at where it stands. */
  restart(): void {
    for (const { wake } of [...this.#waiting]) wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.restart();
  }

  async #now(): Promise<ReadOutcome> {
    const admission = await this.#parts.desk.admit(null);
    if (admission.kind === "follow") return batchAt([], admission.at, false);
    return admission.kind === "reset" ? this.#lost(admission.reason) : UNAVAILABLE;
  }

  async #answer(want: ReadAfter): Promise<ReadOutcome> {
    const { desk, gate, limits } = this.#parts;
    const isPast = desk.isPast(want.after);
    if (isPast && (want.waitMs > 0 || this.#isFull(want))) return this.#follow(want);
    const admission = isPast ? await desk.admitPast(want.after) : await desk.admit(want.after);
    if (admission.kind === "reset") return this.#lost(admission.reason);
    if (admission.kind === "unavailable" && !isPast) return UNAVAILABLE;
    if (want.waitMs > 0) return this.#follow(want);
    const isUpToDate =
      admission.kind === "follow" && (await gate.reached(admission.barrier, limits.barrierMs));
    const outcome = await this.#follow(want);
    // What is there is true in any case; that there is nothing, only if the feed has got to the time of the request.
    return isUpToDate || !isEmpty(outcome) ? outcome : UNAVAILABLE;
  }

  /** Looks for something after the cursor until there is something or the wait is over. */
  async #follow(want: ReadAfter): Promise<ReadOutcome> {
    const { log, limits, timers } = this.#parts;
    const deadlineMs = timers.nowMs() + want.waitMs;
    let at = want.after;
    let hasWaited = false;
    while (!want.signal.aborted && !this.#isStopped) {
      if (at.generation !== log.head.generation) return this.#lost("collection-gone");
      const found = log.reaches(at) ? this.#scan(want, at) : await this.#replay(want, at);
      if (found.kind === "lost") return this.#lost(found.reason);
      if (found.kind === "unavailable") return UNAVAILABLE;
      if (found.entries.length > 0) return batchAt(found.entries, found.upTo, found.more);
      at = found.upTo;
      if (found.more) continue;
      const leftMs = deadlineMs - timers.nowMs();
      if (leftMs <= 0 || (hasWaited && at.position > want.after.position)) return batchAt([], at, false);
      if (this.#waiting.size >= limits.waitingReads) return UNAVAILABLE;
      await this.#wait(want, Math.min(leftMs, limits.readMarkMs));
      hasWaited = true;
    }
    return UNAVAILABLE;
  }

  #scan({ statuses, limit }: ReadAfter, at: CursorParts): Found {
    const { log } = this.#parts;
    if (at.position > log.head.position) return { kind: "found", entries: [], upTo: at, more: false };
    const limits = { maxChanges: limit, maxBytes: Number.POSITIVE_INFINITY };
    return { kind: "found", ...collect(log, log.firstAfter(at.position), statuses, limits) };
  }

  /** Whether the log alone fills the answer, so that nothing newer can belong to it. */
  #isFull(want: ReadAfter): boolean {
    if (!this.#parts.log.reaches(want.after)) return false;
    const found = this.#scan(want, want.after);
    return found.kind === "found" && found.more;
  }

  async #replay(want: ReadAfter, from: CursorParts): Promise<Found> {
    if (this.#replaying >= this.#parts.limits.replayReads) return { kind: "unavailable" };
    this.#replaying += 1;
    try {
      return await replayForRead(this.#parts, want, from);
    } finally {
      this.#replaying -= 1;
    }
  }

  /** Until something comes that the reader sees, the feed starts afresh, or the time is over. */
  #wait({ statuses, signal }: ReadAfter, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#waiting.delete(waiting);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const waiting: WaitingRead = { statuses, wake };
      const cancel = this.#parts.timers.after(ms, wake);
      this.#waiting.add(waiting);
      signal.addEventListener("abort", wake);
    });
  }

  #lost(reason: ResetReason): ReadOutcome {
    return { kind: "lost", reason, cursor: encodeCursor(this.#parts.log.head) };
  }
}

const batchAt = (entries: readonly LogEntry[], at: CursorParts, more: boolean): ReadOutcome => ({
  kind: "batch",
  batch: batchOf(entries, at),
  more,
});

const isEmpty = (outcome: ReadOutcome): boolean =>
  outcome.kind === "batch" && outcome.batch.seen.length === 0;
