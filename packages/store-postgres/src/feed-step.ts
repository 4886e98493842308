import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { OutboxPage } from "./outbox-page.ts";
import type { OutboxEntry } from "./outbox-row.ts";

/** What a reader of the outbox has to hear. */
export type FeedStep =
  | { readonly kind: "batch"; readonly changes: readonly Change[]; readonly position: Position }
  | { readonly kind: "reset"; readonly reason: ResetReason; readonly at: CursorParts };

export const MAX_BATCH_BYTES = 1024 * 1024;

/** The steps from `at` to the end of the page, in order. The last is a batch, which may be empty, or a reset. Pure. */
export function feedSteps(page: OutboxPage, at: CursorParts): FeedStep[] {
  const { head, floor } = page;
  // What follows the position was pruned, or the database was put back to an older state.
  if (at.position < floor || at.position > head.position) return [reset(lossBetween(at, head), head)];
  const steps: FeedStep[] = [];
  let [batch, generation] = [new Batch(at.position), at.generation];
  for (const entry of page.entries) {
    if (entry.kind === "reset" || batch.isFull) {
      if (!batch.isEmpty) steps.push(batch.step());
      batch = new Batch(entry.position);
    }
    if (entry.kind === "reset") {
      generation = entry.generation;
      steps.push(reset("collection-gone", { generation, position: entry.position }));
    } else batch.add(entry);
  }
  if (!page.full) batch.reach(head.position);
  steps.push(batch.step());
  return page.full || generation === head.generation ? steps : [...steps, reset("collection-gone", head)];
}

const lossBetween = (at: CursorParts, head: CursorParts): ResetReason =>
  at.generation === head.generation ? "history-lost" : "collection-gone";

const reset = (reason: ResetReason, at: CursorParts): FeedStep => ({ kind: "reset", reason, at });

class Batch {
  readonly #changes: Change[] = [];
  #position: Position;
  #bytes = 0;

  constructor(position: Position) {
    this.#position = position;
  }

  get isEmpty(): boolean {
    return this.#changes.length === 0;
  }

  get isFull(): boolean {
    return this.#bytes >= MAX_BATCH_BYTES;
  }

  add(entry: OutboxEntry): void {
    if (entry.kind === "change") {
      this.#changes.push(entry.change);
      this.#bytes += sizeOf(entry.change);
    }
    this.reach(entry.position);
  }

  reach(position: Position): void {
    this.#position = position;
  }

  step(): FeedStep {
    return { kind: "batch", changes: this.#changes, position: this.#position };
  }
}

/** About its bytes as JSON, and never fewer than its names take. */
function sizeOf({ before, after }: Change): number {
  const names = [before, after].flatMap((image) => (image ? [image.customer_name, image.product_name] : []));
  return 400 + 3 * names.join("").length;
}
