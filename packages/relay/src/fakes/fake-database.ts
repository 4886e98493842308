import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { Status } from "@live-orders/protocol/status";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { FakeChangeHistory } from "@live-orders/testkit/fake-change-history";
import { FakeChangeSource } from "@live-orders/testkit/fake-change-source";

/** The `n`th position of the clock. */
export const positionOf = (tick: number): Position => tick.toString().padStart(8, "0");

/**
 * The list of changes that everything else is judged by, and its three faces: the source, which may lag behind it; the
 * histories; the clock.
 */
export class FakeDatabase {
  readonly changes: Change[] = [];
  /** Which generation each change belongs to. */
  readonly generationOf = new Map<Change, string>();
  generation = "one";
  readonly source = new FakeChangeSource();
  readonly history: FakeChangeHistory;
  readonly database: FakeChangeHistory;
  /** From which position on each history reaches. */
  historyFloor = positionOf(0);
  databaseFloor = positionOf(0);
  isAway = false;
  clockReads = 0;
  mostClockReads = 0;
  #clockUnderWay = 0;
  /** While set, the clock waits for it. */
  clockGate: Promise<void> | null = null;
  #tick = 1;
  /** How far the source has told. */
  #told = positionOf(1);

  constructor() {
    const past = (floor: Position) => ({
      generation: this.generation,
      changes: this.changes,
      position: this.position,
      floor,
    });
    this.history = new FakeChangeHistory("history", () => past(this.historyFloor));
    this.database = new FakeChangeHistory("database", () => past(this.databaseFloor));
  }

  get position(): Position {
    return positionOf(this.#tick);
  }

  get at(): CursorParts {
    return { generation: this.generation, position: this.position };
  }

  readonly now = async (): Promise<CursorParts> => {
    this.clockReads += 1;
    this.#clockUnderWay += 1;
    this.mostClockReads = Math.max(this.mostClockReads, this.#clockUnderWay);
    try {
      await this.clockGate;
      if (this.isAway) throw new Error("the database is away");
      return this.at;
    } finally {
      this.#clockUnderWay -= 1;
    }
  };

  /** Commits one change: an order goes from one status to another; null stands for no order. */
  commit(before: Status | null, after: Status | null, about: Partial<Change> = {}): Change {
    this.#tick += 1;
    const change: Change = {
      position: this.position,
      op: before === null ? "insert" : after === null ? "delete" : "update",
      id: 1,
      before: before && order(before),
      after: after && order(after),
      at: "2026-01-01T00:00:00.000Z",
      ...about,
    };
    this.changes.push(change);
    this.generationOf.set(change, this.generation);
    return change;
  }

  /** The clock goes on without a change. */
  tick(ticks = 1): void {
    this.#tick += ticks;
  }

  open(): void {
    this.#told = this.position;
    this.source.give({ kind: "opened", at: this.at });
  }

  /** The source gives everything up to `position`, in one batch; by default all there is. */
  tell(position: Position = this.position): void {
    const changes = this.changes.filter(
      (change) => change.position > this.#told && change.position <= position,
    );
    this.#told = position;
    this.source.give({ kind: "batch", changes, position });
  }

  get told(): Position {
    return this.#told;
  }

  /** The source starts afresh from now. */
  restart(reason: ResetReason, generation = this.generation): void {
    this.#tick += 1;
    // Another collection has no history of its own before its beginning.
    if (generation !== this.generation) this.historyFloor = this.databaseFloor = this.position;
    this.generation = generation;
    this.#told = this.position;
    this.source.give({ kind: "reset", reason, at: this.at });
  }
}

export const order = (status: Status, id = 1): Order => ({
  id,
  customer_name: "Claire Gute",
  product_name: "Bush Somerset Collection Bookcase",
  status,
  updated_at: "2026-01-01T00:00:00.000Z",
});
