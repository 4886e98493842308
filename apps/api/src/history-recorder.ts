import { setTimeout as delay } from "node:timers/promises";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import { STATUSES } from "@live-orders/protocol/status";
import type { ReadOutcome } from "@live-orders/relay/reads";
import type { Relay } from "@live-orders/relay/relay";
import type { ArchiveLease, ChangeArchive } from "@live-orders/store/change-archive";
import { type CursorParts, decodeCursor } from "@live-orders/store/cursor-parts";
import type { Logger } from "pino";

export interface RecorderObserver {
  recorded(changes: number): void;
  /** What came between the end of the history and its new beginning is not in it. */
  gap(reason: ResetReason): void;
}

interface RecorderParts {
  readonly archive: ChangeArchive;
  readonly relay: Pick<Relay, "read" | "newestChange">;
  readonly log: Logger;
  readonly observer: RecorderObserver;
}

export interface RecorderStatus {
  /** This node is the one that records. */
  readonly holds: boolean;
  /** Since when the history may lack changes; NaN on a node that does not record. */
  readonly lagSeconds: number;
}

/** The most changes of one step, and how long to collect them: at light load a step costs more than its rows. */
const STEP_CHANGES = 1_000;
const COLLECT_MS = 500;
/** The longest wait for a change. */
const IDLE_MS = 1_000;
const RETRY_MS = 1_000;
const PRUNE_EVERY_MS = 60_000;

/**
 * Fills the durable history from the feed: an ordinary reader of the relay whose cursor is where the history ends, on
 * whichever node holds the lease. It opens no stream of its own, and what is not in the log in RAM any more it gets by
 * the same ladder as everybody. A feed that has lost what comes next is a gap: the history begins anew after it.
 */
export class HistoryRecorder {
  readonly #parts: RecorderParts;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #holds = false;
  #wholeAtMs = 0;
  /** Every change before it stands in the history. */
  #reached: CursorParts | null = null;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** To be called once. */
  start(): void {
    this.#running = this.#run(this.#abort.signal);
  }

  /** Leaves the lease to the others. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  status(): RecorderStatus {
    const lagSeconds = this.#holds ? (performance.now() - this.#wholeAtMs) / 1000 : Number.NaN;
    return { holds: this.#holds, lagSeconds };
  }

  /**
   * A holder without changes lets its lease run out, so that it is taken from it only if it has not recorded what this
   * node has known of for a while. At first, and after a failure, it is taken in any case: what was before is not known.
   */
  async #run(signal: AbortSignal): Promise<void> {
    const { archive, relay, log } = this.#parts;
    let knowsAll = false;
    let unrecorded: Position | null = null;
    while (!signal.aborted) {
      try {
        const lease = await archive.acquire(unrecorded);
        if (lease !== null) {
          await this.#hold(lease, signal);
          knowsAll = true;
        }
      } catch (error) {
        knowsAll = false;
        log.warn({ err: error }, "the history is not recorded just now");
      }
      unrecorded = knowsAll ? (relay.newestChange ?? "") : null;
      await pause(archive.leaseMs / 5, signal);
    }
  }

  async #hold(lease: ArchiveLease, signal: AbortSignal): Promise<void> {
    const { log } = this.#parts;
    const over = new AbortController();
    const held = AbortSignal.any([signal, over.signal]);
    this.#holds = true;
    this.#reached = lease.recordedTo;
    this.#wholeAtMs = performance.now();
    log.info({ from: lease.recordedTo?.position ?? "now" }, "records the history");
    const keeping = this.#keep(lease, held).finally(() => over.abort());
    try {
      await this.#record(lease, held);
    } finally {
      over.abort();
      this.#holds = false;
      await keeping;
      await lease.release(this.#reached).catch(() => undefined);
    }
  }

  /**
   * Renews the lease until it is another's. The database may be away for a while: so is the other. Without changes it is
   * these writes alone that move the end of the history, and they follow what others write, not themselves: an idle
   * server writes nothing, so that nobody is to be told of its progress either.
   */
  async #keep(lease: ArchiveLease, signal: AbortSignal): Promise<void> {
    let pruneAtMs = performance.now();
    let ownWrite: Position = "";
    for (;;) {
      await pause(this.#parts.archive.leaseMs / 3, signal);
      if (signal.aborted) return;
      try {
        if (this.#reached === null || this.#reached.position > ownWrite) {
          const written = await lease.renew(this.#reached);
          if (written === null) return;
          ownWrite = written;
        }
        if (performance.now() < pruneAtMs) continue;
        const pruned = await lease.prune();
        if (pruned === "not-held") return;
        if (pruned === "done") pruneAtMs = performance.now() + PRUNE_EVERY_MS;
      } catch (error) {
        this.#parts.log.warn({ err: error }, "the lease of the history was not renewed");
      }
    }
  }

  async #record(lease: ArchiveLease, signal: AbortSignal): Promise<void> {
    while (!isOver(signal)) {
      const outcome = await this.#read(this.#reached, signal);
      if (isOver(signal)) return;
      if (outcome.kind === "unavailable") {
        await pause(RETRY_MS, signal);
        continue;
      }
      const next = await this.#take(lease, this.#reached, outcome);
      if (next === null) return this.#parts.log.warn("another node records the history");
      this.#reached = next;
      if (outcome.kind === "batch" && outcome.more) continue;
      this.#wholeAtMs = performance.now();
      await pause(COLLECT_MS, signal);
    }
  }

  #read(after: CursorParts | null, signal: AbortSignal): Promise<ReadOutcome> {
    const { relay, archive } = this.#parts;
    const waitMs = Math.min(archive.leaseMs / 3, IDLE_MS);
    return relay.read({ statuses: STATUSES, after, limit: STEP_CHANGES, waitMs, signal });
  }

  /** Returns where the history ends then; null if the lease is another's. */
  async #take(
    lease: ArchiveLease,
    at: CursorParts | null,
    outcome: Exclude<ReadOutcome, { kind: "unavailable" }>,
  ): Promise<CursorParts | null> {
    const next = partsOf(outcome.kind === "lost" ? outcome.cursor : outcome.batch.cursor);
    if (at === null) return (await lease.begin(next, null)) ? next : null;
    if (outcome.kind === "lost") {
      // A read that begins after the collection went is told less than one that waited meanwhile.
      const reason = next.generation === at.generation ? outcome.reason : "collection-gone";
      return this.#gap(lease, next, reason);
    }
    const { changes } = outcome.batch.decode();
    if (changes.length === 0) return next;
    if (!(await lease.append(changes, next))) return null;
    this.#parts.observer.recorded(changes.length);
    return next;
  }

  async #gap(lease: ArchiveLease, next: CursorParts, reason: ResetReason): Promise<CursorParts | null> {
    if (!(await lease.begin(next, reason))) return null;
    this.#parts.observer.gap(reason);
    this.#parts.log.warn({ reason, from: next.position }, "the history has a gap: it begins anew");
    return next;
  }
}

/** It may have changed since the loop began. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;

/** A cursor of the relay's own. */
function partsOf(cursor: string): CursorParts {
  const parts = decodeCursor(cursor);
  if (parts === null) throw new TypeError(`not a cursor: ${cursor}`);
  return parts;
}

/** Or until the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
