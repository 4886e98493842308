import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { Status } from "@live-orders/protocol/status";
import type { ApiError } from "./api-error.ts";
import type { BulkOutcome } from "./bulk-writes.ts";
import type { LiveRow, RowChange, RowChanges, RowId, WriteFailure } from "./live-orders.ts";
import type { ViewedRows } from "./live-view.ts";
import { OrderLedger, VOID, type LedgerRow, type LedgerStep } from "./order-ledger.ts";
import type { WriteHost } from "./order-writes.ts";
import type { BulkOperationInput } from "./orders-api.ts";
import { Overlay, type OverlayEntry } from "./overlay.ts";
import { RowChangeLog } from "./row-changes.ts";

/** Failures that are remembered until they are dismissed. */
const MAX_FAILURES = 1000;

export interface LiveRowsOptions {
  readonly statuses: readonly Status[];
  readonly capacity: number;
  /** Told whenever there is something to `take`. */
  readonly onChanged: () => void;
  /** The row that was created here as `temporary` is the server's `id`. */
  readonly onCreated: (temporary: RowId, id: number) => void;
}

/** The rows as they are shown: the confirmed ones of the ledger, with the overlay, and a log of what became of them. */
export class LiveRows implements WriteHost, ViewedRows {
  readonly #options: LiveRowsOptions;
  readonly #overlay = new Overlay();
  readonly #log = new RowChangeLog();
  readonly #failures = new Map<RowId, WriteFailure>();
  readonly #waiting = new Set<string>();
  readonly #keepers = new Set<() => ReadonlySet<RowId>>();
  #statuses: readonly Status[];
  #ledger: OrderLedger;

  constructor(options: LiveRowsOptions) {
    this.#options = options;
    this.#statuses = options.statuses;
    this.#ledger = new OrderLedger(options.statuses, { capacity: options.capacity });
  }

  get statuses(): readonly Status[] {
    return this.#statuses;
  }

  get ledger(): OrderLedger {
    return this.#ledger;
  }

  /** Rows with a write on its way, and those of them that wait for the server. */
  get saving(): { rows: number; waiting: number } {
    return { rows: this.#overlay.rows, waiting: this.#waiting.size };
  }

  /**
   * Begins anew, for other statuses or after a reset. The rows held are shown until the new snapshot is in: `kept`
   * because they are only read under another filter, `voided` because they may be of another time, or not at all.
   */
  restart(statuses: readonly Status[], seeds: "kept" | "voided" | "none"): void {
    const { capacity } = this.#options;
    const old = this.#ledger;
    const floor = seeds === "kept" ? old.horizon : null;
    this.#ledger = new OrderLedger(statuses, { seeds: seedsOf(old, seeds), floor, capacity });
    this.#statuses = statuses;
    this.#log.addAll();
    this.#options.onChanged();
  }

  shown(id: RowId): Order | null {
    return this.#visible(this.#overlay.over(id, this.#ledger.get(id) ?? null));
  }

  row(id: RowId): LiveRow | undefined {
    const order = this.shown(id);
    if (order === null) return undefined;
    const entries = this.#overlay.of(id);
    return {
      id,
      order,
      confirmed: this.#ledger.get(id) ?? null,
      saving: entries.at(-1)?.kind ?? null,
      waiting: entries.some(({ key }) => this.#waiting.has(key)),
      failure: this.#failures.get(id) ?? null,
    };
  }

  *orders(): IterableIterator<Order> {
    for (const { order } of this.#ledger.rows()) {
      const shown = this.#overlay.size === 0 ? order : this.#visible(this.#overlay.over(order.id, order));
      if (shown !== null) yield shown;
    }
    for (const id of this.#overlay.ids()) {
      const shown = this.#ledger.get(id) === undefined ? this.shown(id) : null;
      if (shown !== null) yield shown;
    }
  }

  get size(): number {
    let size = this.#ledger.size;
    for (const id of this.#overlay.ids()) {
      size += (this.shown(id) === null ? 0 : 1) - (this.#ledger.get(id) === undefined ? 0 : 1);
    }
    return size;
  }

  /** What changed since it was last taken. */
  take(): RowChanges {
    return this.#log.take();
  }

  /** Logs rows that a page has laid, or that were let go. */
  loaded(steps: readonly LedgerStep[]): void {
    for (const { id, before, after, letGo = false } of steps) {
      this.#log.add({
        id,
        before: this.#visible(this.#overlay.over(id, before)),
        after: this.#visible(this.#overlay.over(id, after)),
        by: letGo ? "bound" : "load",
        change: null,
        marked: false,
        replaces: null,
      });
    }
    if (steps.length > 0) this.#options.onChanged();
  }

  /** The rows that `ids` gives stay when there is no room for all; the answer ends it. */
  keep(ids: () => ReadonlySet<RowId>): () => void {
    this.#keepers.add(ids);
    return () => {
      this.#keepers.delete(ids);
    };
  }

  /** Lets rows go when there are more than the capacity. */
  trim(): void {
    this.loaded(this.#ledger.trim(() => this.#kept()));
  }

  /** Those with a write on its way, and those that somebody keeps: as many as the capacity, small sets first. */
  #kept(): ReadonlySet<number> {
    const sets = Array.from(this.#keepers, (ids) => ids()).sort((a, b) => a.size - b.size);
    const kept = new Set<number>();
    for (const ids of [new Set(this.#overlay.ids()), ...sets]) {
      for (const id of ids) {
        if (kept.size >= this.#options.capacity) return kept;
        kept.add(id);
      }
    }
    return kept;
  }

  layChange(change: Change): void {
    const settled = this.#overlay.settledBy(change);
    this.#step(change.id, { by: settled.length > 0 ? "own" : "others", change }, () => {
      const replaced = settled.map((entry) => this.#lift(entry, change.id));
      const laid = this.#ledger.layChange(change) !== null;
      return laid || settled.length > 0 ? { replaces: replaced.find((id) => id !== null) ?? null } : null;
    });
  }

  lay(entry: OverlayEntry): void {
    this.#step(entry.id, { by: "own" }, () => {
      this.#failures.delete(entry.id);
      this.#overlay.lay(entry);
      return MARKED;
    });
  }

  settle(key: string, answer: { id: number; order: Order | null; position: Position }): void {
    this.#step(answer.id, { by: "own" }, () => {
      const entry = this.#overlay.entry(key);
      const replaces = entry === null ? null : this.#lift(entry, answer.id);
      const laid = this.#ledger.layAnswer(answer.id, answer.order, answer.position) !== null;
      return laid || entry !== null ? { replaces } : null;
    });
  }

  /** Lays what became of an operation in bulk: the order's new state, or on its row why it was refused. */
  layOutcome(operation: BulkOperationInput, outcome: BulkOutcome): void {
    const error = errorOf(outcome);
    if (error !== null && "id" in operation) {
      const mine = operation.op === "patch" ? operation.order : null;
      this.#refused(operation.id, { kind: "refused", error, mine });
    }
    if (outcome.kind !== "answered" || error !== null) return;
    const { order, position } = outcome.result;
    if (order !== undefined && position !== undefined)
      this.#answered(order.id, operation.op === "delete" ? null : order, position);
  }

  /** Lays the answer to a write that had no overlay. */
  #answered(id: number, order: Order | null, position: Position): void {
    this.#step(id, { by: "own" }, () => (this.#ledger.layAnswer(id, order, position) ? MARKED : null));
  }

  /** A write that had no overlay was refused: the row says why, if it is shown. */
  #refused(id: number, failure: WriteFailure): void {
    if (this.shown(id) === null) return;
    this.#step(id, { by: "own" }, () => {
      this.#remember(id, failure);
      return MARKED;
    });
  }

  fail(key: string, id: RowId, failure: WriteFailure): void {
    this.#step(id, { by: "own" }, () => {
      this.#overlay.lift(key);
      this.#waiting.delete(key);
      this.#remember(id, failure);
      return MARKED;
    });
  }

  waits(key: string, waiting: boolean): void {
    const entry = this.#overlay.entry(key);
    if (entry === null) return;
    this.#step(entry.id, { by: "own" }, () => {
      if (waiting) this.#waiting.add(key);
      else this.#waiting.delete(key);
      return MARKED;
    });
  }

  dismiss(id: RowId): void {
    this.#step(id, { by: "own" }, () => (this.#failures.delete(id) ? MARKED : null));
  }

  confirmed(id: RowId): Order | undefined {
    return this.#ledger.get(id);
  }

  #visible(order: Order | null): Order | null {
    return order !== null && this.#statuses.includes(order.status) ? order : null;
  }

  /** Does something to one row, and logs what became of it, unless nothing did. */
  #step(id: RowId, cause: Pick<RowChange, "by"> & { change?: Change }, act: () => Step | null): void {
    const before = this.shown(id);
    const step = act();
    if (step === null) return;
    const { by, change = null } = cause;
    const after = this.shown(id);
    this.#log.add({ id, before, after, by, change, marked: by === "own", replaces: step.replaces });
    this.#options.onChanged();
  }

  /** Takes a write off the row, which the server knows as `id`. The temporary id that the row had before, if it had one. */
  #lift(entry: OverlayEntry, id: number): RowId | null {
    const temporary = entry.id;
    if (temporary === id) {
      this.#overlay.lift(entry.key);
      this.#waiting.delete(entry.key);
      return null;
    }
    this.#step(temporary, { by: "own" }, () => {
      this.#overlay.lift(entry.key);
      this.#waiting.delete(entry.key);
      this.#overlay.rebind(temporary, id);
      return MARKED;
    });
    this.#options.onCreated(temporary, id);
    return temporary;
  }

  #remember(id: RowId, failure: WriteFailure): void {
    this.#failures.delete(id);
    this.#failures.set(id, failure);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_FAILURES && oldest !== undefined) this.#failures.delete(oldest);
  }
}

/** What was done to a row; `replaces`: the temporary id under which it stood. */
interface Step {
  readonly replaces: RowId | null;
}

const MARKED: Step = { replaces: null };

function errorOf(outcome: BulkOutcome): ApiError | null {
  if (outcome.kind === "failed") return outcome.error;
  const { problem } = outcome.result;
  return problem === undefined ? null : { kind: "problem", problem, retryAfter: null };
}

function* seedsOf(ledger: OrderLedger, seeds: "kept" | "voided" | "none"): Generator<LedgerRow> {
  if (seeds === "none") return;
  for (const row of ledger.rows()) yield seeds === "kept" ? row : { order: row.order, position: VOID };
}
