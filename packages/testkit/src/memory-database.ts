import type { Change } from "@live-orders/protocol/change";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import { compareOrders, searchMatcher } from "@live-orders/protocol/order-query";
import type { Position } from "@live-orders/protocol/position";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { OrderActivity } from "@live-orders/store/order-activity";
import type { OrderHistory } from "@live-orders/store/order-history";
import type {
  ExportQuery,
  OrderStore,
  PageAnswer,
  PageQuery,
  WriteAnswer,
  WriteRequest,
} from "@live-orders/store/order-store";
import { EXPORT_BATCH, StoreUnavailableError } from "@live-orders/store/order-store";

import { naiveArrivals, naiveSums } from "./naive-activity.ts";
import { planWrites, type PlannedWrite, type WriteResult } from "@live-orders/store/write-plan";

/** One write as it was committed: what the order was from then on, null when it was deleted. */
export interface CommittedWrite {
  readonly generation: string;
  readonly position: Position;
  readonly id: number;
  readonly row: Order | null;
  /** When, by the database's clock. */
  readonly at: string;
  /** The `Idempotency-Key` of an insert. */
  readonly key: string | undefined;
  /** Whether the database kept the images of this change. */
  readonly hasImages: boolean;
}

/**
 * A database in memory, for simulation: rows, a commit log with images, positions of MongoDB's form, generations,
 * a history that can be cut off, idempotency keys. What is committed is never rolled back; what is not yet known to a
 * node is that node's source's affair (`memory-source.ts`).
 */
export class MemoryDatabase {
  readonly #nowMs: () => number;
  readonly #rows = new Map<number, Order>();
  readonly #keys = new Map<string, { fingerprint: string; answer: readonly WriteResult[] }>();
  readonly #listeners = new Set<() => void>();
  #generation = 1;
  #tick = 0;
  #nextId = 1;
  /** Changes of this generation, from the oldest that is kept. */
  #log: Change[] = [];
  #floor: Position = "";
  #away = false;
  #keepsImages = true;
  /** Every write of every generation, oldest first: what all that is ever shown is judged by. */
  readonly writes: CommittedWrite[] = [];

  /** @param nowMs the database's clock */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get generation(): string {
    return `g${this.#generation}`;
  }

  get rows(): ReadonlyMap<number, Order> {
    return this.#rows;
  }

  get log(): readonly Change[] {
    return this.#log;
  }

  /** The lowest position that a reader may resume from. */
  get floor(): Position {
    return this.#floor;
  }

  /** Everything committed so far is at or before it. */
  now(): CursorParts {
    return { generation: this.generation, position: `${this.#time()}.z` };
  }

  /** Commits as one transaction, and answers with its changes. */
  commit(writes: readonly PlannedWrite[], key?: string): readonly Change[] {
    this.#tick += 1;
    const at = new Date(this.#nowMs()).toISOString();
    const changes = writes.map((write, index): Change => {
      const position = `${this.#time()}.${(index + 1).toString(16).padStart(8, "0")}`;
      return this.#apply(write, position, at, write.kind === "insert" ? key : undefined);
    });
    this.#log.push(...changes);
    this.#tell();
    return changes;
  }

  /** Whether the changes to come have images; an insert has the order in any case. */
  setImages(keeps: boolean): void {
    this.#keepsImages = keeps;
  }

  /** Forgets the history up to now, as an oplog that has rolled over. */
  forgetHistory(): void {
    this.#floor = this.now().position;
    this.#log = [];
    this.#tell();
  }

  /** Drops the collection: an empty one of another generation takes its place. */
  drop(): void {
    this.#tick += 1;
    this.#generation += 1;
    this.#rows.clear();
    this.#log = [];
    this.#floor = this.now().position;
    this.#tell();
  }

  /** While it is away every call of its store fails. */
  setAway(away: boolean): void {
    this.#away = away;
  }

  /** Called after each commit, drop or cut of the history. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The seam to the rows. Its answers are computed in one step; delays are the network's affair. */
  store(): OrderStore {
    return {
      page: (query) => this.#answer(() => this.#page(query)),
      export: (query, take) => this.#export(query, take),
      counts: (q) => this.#answer(() => this.#counts(q)),
      get: (id) => this.#answer(() => ({ order: this.#rows.get(id) ?? null, position: this.now().position })),
      write: (request) => this.#answer(() => this.#write(request)),
      now: () => this.#answer(() => this.now()),
      checkWritable: () => this.#answer(() => undefined),
    };
  }

  /** The log by order. */
  orderHistory(): OrderHistory {
    return {
      of: (id, { limit, before }) =>
        this.#answer(() => {
          const older = this.#log.filter((change) => change.id === id && change.position < (before ?? "~"));
          const changes = older.reverse().slice(0, limit);
          const kept = { since: new Date(0).toISOString(), position: this.now().position };
          return { changes, next: older.length > limit ? (changes.at(-1)?.position ?? null) : null, kept };
        }),
    };
  }

  /** The log, summed. */
  orderActivity(): OrderActivity {
    const reachOf = (fromMs: number) => ({ sinceMs: fromMs, cut: null, at: this.now() });
    return {
      changes: (range, newest) =>
        this.#answer(() => ({
          ...reachOf(range.fromMs),
          steps: naiveSums(this.#log, range),
          newest: this.#log.slice(-newest).reverse(),
        })),
      arrivals: (range, most) =>
        this.#answer(() => ({
          ...reachOf(range.fromMs),
          arrivals: naiveArrivals(this.#log, range).slice(0, most),
        })),
      placeBefore: (ms) =>
        this.#answer(() => {
          const earlier = this.#log.findLast(({ at }) => Date.parse(at) < ms);
          const position = earlier?.position ?? this.#floor;
          return { ...reachOf(ms), at: { ...this.now(), position: position === "" ? "0" : position } };
        }),
    };
  }

  #apply(write: PlannedWrite, position: Position, at: string, key: string | undefined): Change {
    const before = write.kind === "insert" ? null : write.before;
    const after = write.kind === "delete" ? null : write.after;
    const id = (before ?? after)?.id ?? 0;
    if (after === null) this.#rows.delete(id);
    else this.#rows.set(id, after);
    const { generation } = this;
    const hasImages = this.#keepsImages;
    this.writes.push({ generation, position, id, row: after, at, key, hasImages });
    const op = write.kind;
    if (!hasImages && op !== "insert") return { position, op, id, before: null, after: null, at };
    return { position, op, id, before, after, at, ...(key !== undefined && { key }) };
  }

  #time(): string {
    return this.#tick.toString(16).padStart(16, "0");
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #answer<T>(answer: () => T): Promise<T> {
    if (this.#away) return Promise.reject(new StoreUnavailableError("the database is away"));
    return Promise.resolve(answer());
  }

  #page({ statuses, q, sort, limit, after }: PageQuery): PageAnswer {
    const all = this.#select({ statuses, q, sort });
    const from = after === null ? 0 : all.findIndex((order) => compareOrders(sort)(order, lastOf(after)) > 0);
    const orders = from === -1 ? [] : all.slice(from, from + limit);
    const last = orders.at(-1);
    const more = from !== -1 && from + limit < all.length;
    return { kind: "page", orders, next: more && last ? JSON.stringify(last) : null, at: this.now() };
  }

  async #export(query: ExportQuery, take: (orders: readonly Order[]) => Promise<void>): Promise<void> {
    const all = await this.#answer(() => this.#select(query));
    for (let from = 0; from < all.length; from += EXPORT_BATCH) {
      await take(await this.#answer(() => all.slice(from, from + EXPORT_BATCH)));
    }
  }

  #select({ statuses, q, sort }: ExportQuery): Order[] {
    const matches = searchMatcher(q);
    return [...this.#rows.values()]
      .filter((order) => statuses.includes(order.status) && matches(order))
      .sort(compareOrders(sort));
  }

  #counts(q: string): Counts {
    const matches = searchMatcher(q);
    const counts = { pending: 0, shipped: 0, delivered: 0, total: 0, position: this.now().position };
    for (const order of this.#rows.values()) {
      if (!matches(order)) continue;
      counts[order.status] += 1;
      counts.total += 1;
    }
    return counts;
  }

  #write({ operations, idempotency }: WriteRequest): WriteAnswer {
    const known = idempotency && this.#keys.get(idempotency.key);
    if (known) {
      const same = known.fingerprint === idempotency.fingerprint;
      return same ? { kind: "done", results: known.answer } : { kind: "key-conflict" };
    }
    const named = new Set(
      operations.flatMap((operation) => (operation.op === "create" ? [] : [operation.id])),
    );
    const newIds = operations.filter(({ op }) => op === "create").map(() => this.#freeId(named));
    const plan = planWrites(operations, this.#rows, newIds, this.#nowMs());
    const before = this.now().position;
    const changes = plan.writes.length > 0 ? this.commit(plan.writes, idempotency?.key) : [];
    // What the plan left as it was is as of the plan's last change of it, if it made one before.
    const placed = new Map<number, Position>();
    const results = plan.results.map((result): WriteResult => {
      if (result.kind === "unchanged") return { ...result, position: placed.get(result.order.id) ?? before };
      if (result.kind !== "written") return result;
      const position = changes[result.write]?.position ?? before;
      placed.set(result.order.id, position);
      return { kind: "written", order: result.order, position };
    });
    if (idempotency)
      this.#keys.set(idempotency.key, { fingerprint: idempotency.fingerprint, answer: results });
    return { kind: "done", results };
  }

  /** One that no row bears, and none of the same transaction may come to bear. */
  #freeId(named: ReadonlySet<number>): number {
    while (this.#rows.has(this.#nextId) || named.has(this.#nextId)) this.#nextId += 1;
    return this.#nextId++;
  }
}

function lastOf(after: string): Order {
  // Its own `next`, from a moment ago: the simulation hands it nothing else.
  return JSON.parse(after) as Order;
}
