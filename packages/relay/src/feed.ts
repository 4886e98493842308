import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { ChangeSource, SourceEvent } from "@live-orders/store/change-source";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Backlogs } from "./backlogs.ts";
import type { ChangeLog } from "./change-log.ts";
import type { FeedHealth } from "./feed-health.ts";
import { cutIntoRuns, type Run } from "./log-entry.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { RelayObserver } from "./relay-observer.ts";
import type { Timers } from "./timers.ts";
import { pause } from "./within.ts";

/** Who is told of what the feed did to the log. */
interface FeedReaders {
  /** It has grown by this run. */
  moved(run: Run): void;
  /** It has started afresh at `at`. */
  restarted(at: CursorParts, reason: ResetReason): void;
}

interface FeedParts {
  readonly source: ChangeSource;
  readonly log: ChangeLog;
  readonly health: FeedHealth;
  readonly backlogs: Backlogs;
  readonly timers: Timers;
  readonly limits: RelayLimits;
  readonly observer: RelayObserver;
  readonly readers: FeedReaders;
}

/** Takes what the source gives, one event after the other, and keeps its rules where it does not. */
export class Feed {
  readonly #parts: FeedParts;
  readonly #abort = new AbortController();
  #bytesThisTurn = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Ends when `stop` is called. Never rejects. */
  async run(): Promise<void> {
    const { source, observer } = this.#parts;
    try {
      for await (const event of source.events(this.#abort.signal)) {
        if (this.#abort.signal.aborted) return;
        await this.#take(event);
      }
      if (this.#abort.signal.aborted) return;
      throw new Error("it ended by itself");
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      // It goes on trying by itself, by its contract. Whoever asks for the health hears that it does not.
      this.#parts.health.down({ cause: "silent", detail: "the change source has failed" });
      observer.fault("the change source failed", error);
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  async #take(event: SourceEvent): Promise<void> {
    const { log, health, observer } = this.#parts;
    switch (event.kind) {
      case "opened":
        if (log.isOpen) return this.#restart({ kind: "reset", reason: "history-lost", at: event.at });
        log.restart(event.at);
        health.sign();
        return this.#parts.readers.moved({ entries: [], bytes: 0, upTo: event.at });
      case "batch":
        health.sign();
        return this.#append(event.changes, event.position);
      case "reset":
        return this.#restart(event);
      case "down":
        health.down({ cause: event.cause, detail: event.detail });
        return observer.sourceDown(event);
    }
  }

  #restart(event: Extract<SourceEvent, { kind: "reset" }>): void {
    const { log, health, observer } = this.#parts;
    log.restart(event.at);
    health.sign();
    observer.sourceReset(event.reason);
    this.#parts.readers.restarted(event.at, event.reason);
  }

  async #append(all: readonly Change[], position: Position): Promise<void> {
    const { log, backlogs, limits } = this.#parts;
    const { generation } = log.head;
    const changes = this.#inOrder(all, log.head.position);
    const last = changes.at(-1)?.position ?? log.head.position;
    const at: CursorParts = { generation, position: position > last ? position : last };
    if (changes.length === 0 && at.position === log.head.position) return;
    const bounds = { maxChanges: limits.pageChanges, maxBytes: backlogs.shareBytes };
    let passed = 0;
    for (const run of cutIntoRuns(changes, at, bounds)) {
      if (this.#bytesThisTurn >= bounds.maxBytes) await this.#turn();
      if (this.#abort.signal.aborted) return;
      this.#pass(run);
      const before = passed;
      passed += run.entries.length;
      if (passed > before) this.#parts.observer.emitted(changes.slice(before, passed));
    }
  }

  /** Log first, then the readers: whoever is handed something finds it in the log. */
  #pass(run: Run): void {
    this.#parts.log.append(run.entries, run.upTo);
    this.#count(run.bytes);
    this.#parts.readers.moved(run);
  }

  /** Counts what is passed on before the process gets to do anything else. */
  #count(bytes: number): void {
    if (this.#bytesThisTurn === 0) {
      this.#parts.timers.after(0, () => {
        this.#bytesThisTurn = 0;
      });
    }
    this.#bytesThisTurn += bytes;
  }

  /** Lets the sockets write between large runs, or those that read would look like those that do not. */
  async #turn(): Promise<void> {
    await pause(this.#parts.timers, 0);
    this.#bytesThisTurn = 0;
  }

  /** A change that does not stand after all before it was seen already, or breaks the source's rule. */
  #inOrder(changes: readonly Change[], head: Position): Change[] {
    let last = head;
    const inOrder = changes.filter(({ position }) => {
      if (position <= last) return false;
      last = position;
      return true;
    });
    const dropped = changes.length - inOrder.length;
    if (dropped > 0) {
      const error = new Error(`${dropped} changes at or before ${last}`);
      this.#parts.observer.fault("the change source gave changes out of order", error);
    }
    return inOrder;
  }
}
