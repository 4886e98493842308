import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { ChangeHistory, HistoryEvent } from "@live-orders/store/change-history";
import type { CursorParts } from "@live-orders/store/cursor-parts";

/** What a history is made of. Read anew for each batch, so that a test may change it under a running stream. */
export interface FakePast {
  readonly generation: string;
  /** In commit order. */
  readonly changes: readonly Change[];
  /** How far it reaches. */
  readonly position: Position;
  /** It does not reach back to cursors before this position. */
  readonly floor: Position;
}

/** A rung of history over a list of changes. */
export class FakeChangeHistory implements ChangeHistory {
  readonly rung: "history" | "database";
  /** Where each stream that was opened began. */
  readonly opened: CursorParts[] = [];
  open = 0;
  mostOpen = 0;
  /** Changes in one batch. */
  batchSize = 3;
  /** While set, streams wait for it before each batch. */
  gate: Promise<void> | null = null;
  failure: Error | null = null;
  readonly #past: () => FakePast;

  constructor(rung: "history" | "database", past: () => FakePast) {
    this.rung = rung;
    this.#past = past;
  }

  async *read(after: CursorParts, signal: AbortSignal): AsyncIterable<HistoryEvent> {
    this.opened.push(after);
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    // Counted as closed when it is told to close: what it does after that costs nothing.
    signal.addEventListener("abort", () => (this.open -= 1), { once: true });
    let at = after.position;
    while (!signal.aborted) {
      await this.gate;
      if (this.failure) throw this.failure;
      const lost = this.#lost(after, at);
      if (lost) {
        yield { kind: "lost", reason: lost };
        return;
      }
      const batch = this.#batch(at);
      at = batch.position;
      if (batch.changes.length === 0) await aWhile();
      yield { kind: "batch", ...batch };
    }
  }

  #lost({ generation }: CursorParts, at: Position): ResetReason | null {
    const past = this.#past();
    if (generation !== past.generation) return "collection-gone";
    return at < past.floor ? "history-lost" : null;
  }

  #batch(at: Position): { changes: Change[]; position: Position } {
    const { changes, position } = this.#past();
    const rest = changes.filter((change) => change.position > at && change.position <= position);
    const batch = rest.slice(0, this.batchSize);
    const isWhole = batch.length === rest.length;
    const reached = isWhole ? position : (batch.at(-1)?.position ?? at);
    return { changes: batch, position: reached > at ? reached : at };
  }
}

const aWhile = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
