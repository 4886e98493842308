import type { ChangeHistory, HistoryEvent } from "@live-orders/store/change-history";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Database, Run } from "./database.ts";
import { feedSteps } from "./feed-step.ts";
import { type OutboxPage, readOutbox } from "./outbox-page.ts";
import type { WakeUp } from "@live-orders/store/wake-up";

const PULSE_MS = 800;

/** The outbox is the durable history: it holds every change until it is pruned. */
export class OutboxHistory implements ChangeHistory {
  readonly rung = "history";
  readonly #run: Run;
  readonly #wakeUp: WakeUp;

  constructor(database: Database, wakeUp: WakeUp) {
    this.#run = (text, values, row) => database.read(text, values, row);
    this.#wakeUp = wakeUp;
  }

  async *read(after: CursorParts, signal: AbortSignal): AsyncGenerator<HistoryEvent, undefined> {
    let { position } = after;
    while (!signal.aborted) {
      const seen = this.#wakeUp.count;
      const page = await readOutbox(this.#run, position);
      for (const event of eventsOf(page, { ...after, position })) {
        yield event;
        if (event.kind === "lost") return;
        position = event.position;
      }
      if (page?.full !== true) await this.#wakeUp.after(seen, PULSE_MS, signal);
    }
  }
}

function eventsOf(page: OutboxPage | null, at: CursorParts): HistoryEvent[] {
  if (page === null) return [{ kind: "lost", reason: "history-lost" }];
  if (page.head.generation !== at.generation) return [{ kind: "lost", reason: "collection-gone" }];
  return feedSteps(page, at).map((step) =>
    step.kind === "reset" ? { kind: "lost", reason: step.reason } : step,
  );
}
