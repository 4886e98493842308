import type { Change } from "@live-orders/protocol/change";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { SourceEvent } from "@live-orders/store/change-source";

/** A rung of the catch-up ladder; `memory` is the log in RAM. */
export type Rung = "memory" | "history" | "database";

/** Why the relay ended a connection. `unavailable`: the history that it needed cannot be read just now. */
export type CloseReason = "slow" | "shutdown" | "unavailable";

/** What the relay tells about itself as it happens. Called synchronously; must be quick and must not throw. */
export interface RelayObserver {
  /** A batch of the source that holds changes has been handed to all live rooms. */
  emitted(changes: readonly Change[]): void;
  /** A reader was handed `changes` changes from this rung; zero if it only got up to date. */
  replayed(rung: Rung, changes: number): void;
  /** A stream of history was opened for the readers that wait. */
  replayOpened(rung: Rung): void;
  /** A reader was told to start afresh: a watcher, or an HTTP read by 410. */
  reset(reason: ResetReason): void;
  /** The source itself started afresh. */
  sourceReset(reason: ResetReason): void;
  sourceDown(down: Extract<SourceEvent, { kind: "down" }>): void;
  /** A live reader was taken out of its room, because too much waited for it. */
  evicted(): void;
  closed(why: CloseReason): void;
  /** Something broke a rule that it should keep: a source, a history, a transport. The relay went on without it. */
  fault(what: string, error: unknown): void;
}

const nothing = (): void => undefined;

/** An observer that does nothing with what it is told. */
export const silentObserver: RelayObserver = {
  emitted: nothing,
  replayed: nothing,
  replayOpened: nothing,
  reset: nothing,
  sourceReset: nothing,
  sourceDown: nothing,
  evicted: nothing,
  closed: nothing,
  fault: nothing,
};
