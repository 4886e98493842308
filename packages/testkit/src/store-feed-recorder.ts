import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { ChangeSource, SourceEvent } from "@live-orders/store/change-source";
import type { ChangeHistory, HistoryEvent } from "@live-orders/store/change-history";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { eventually } from "./eventually.ts";

/** Reads a source or a history to the end of a test, and keeps all that it said. */
export class StoreFeedRecorder {
  readonly events: (SourceEvent | HistoryEvent)[] = [];
  readonly changes: Change[] = [];
  position: Position = "";
  failure: unknown = null;
  #lastAt = performance.now();
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  static ofSource(source: ChangeSource): StoreFeedRecorder {
    const recorder = new StoreFeedRecorder();
    recorder.#ended = recorder.#follow(source.events(recorder.#stop.signal));
    return recorder;
  }

  static ofHistory(history: ChangeHistory, after: CursorParts): StoreFeedRecorder {
    const recorder = new StoreFeedRecorder();
    recorder.#ended = recorder.#follow(history.read(after, recorder.#stop.signal));
    return recorder;
  }

  /** Resolves when the feed has told where it starts. */
  async opened(): Promise<CursorParts> {
    return eventually(
      () => {
        this.#check();
        const opened = this.events.find((event) => event.kind === "opened");
        return opened ? opened.at : false;
      },
      { within: 20_000 },
    );
  }

  /** Resolves when everything up to `position` has come. */
  async reached(position: Position, within = 10_000): Promise<void> {
    await eventually(
      () => {
        this.#check();
        if (this.position < position) throw new Error(`The feed is at ${this.position}, before ${position}`);
      },
      { within },
    );
  }

  /** Resolves with the first event of a kind after the first `skip` events. */
  async event<K extends (SourceEvent | HistoryEvent)["kind"]>(kind: K, skip = 0, within = 20_000) {
    return eventually(
      () => {
        this.#check();
        const found = this.events.slice(skip).find((event): event is Kind<K> => event.kind === kind);
        if (found === undefined) throw new Error(`No ${kind} came; ${this.#told()}`);
        return found;
      },
      { within },
    );
  }

  /** For a failure: how much came, and when the last of it did. */
  #told(): string {
    const last = this.events.at(-1);
    return `${this.events.length} events, ${Math.round(performance.now() - this.#lastAt)} ms ago ${JSON.stringify(last)}`;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  #check(): void {
    if (this.failure !== null) throw new Error("The feed failed", { cause: this.failure });
  }

  async #follow(events: AsyncIterable<SourceEvent | HistoryEvent>): Promise<void> {
    try {
      for await (const event of events) {
        this.events.push(event);
        this.#lastAt = performance.now();
        if (event.kind === "opened" || event.kind === "reset") this.position = event.at.position;
        if (event.kind !== "batch") continue;
        if (event.position < this.position) throw new Error(`${event.position} came after ${this.position}`);
        for (const change of event.changes) {
          if (change.position <= this.position)
            throw new Error(`${change.position} came after ${this.position}`);
          this.changes.push(change);
          this.position = change.position;
        }
        this.position = event.position;
      }
    } catch (error) {
      this.failure = error;
    }
  }
}

type Kind<K> = Extract<SourceEvent | HistoryEvent, { kind: K }>;

/** The rows after `changes` up to `position`, by id. */
export function replay(
  rows: ReadonlyMap<number, Order>,
  changes: readonly Change[],
  position: Position,
): Map<number, Order> {
  const result = new Map(rows);
  for (const change of changes) {
    if (change.position > position) break;
    if (change.after) result.set(change.id, change.after);
    else result.delete(change.id);
  }
  return result;
}
