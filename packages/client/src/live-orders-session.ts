import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { NewOrder, Order, OrderPatch } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import { STATUSES, statusSet, type Status } from "@live-orders/protocol/status";
import type { ApiResult } from "./api-error.ts";
import { sendBulk, type BulkOutcome } from "./bulk-writes.ts";
import { ClockOffset } from "./clock-offset.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { FeedBeginning, FeedConsumer, FeedPlace } from "./feed-consumer.ts";
import type { FeedTransport } from "./feed-transport.ts";
import { Feed } from "./feed.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
import type {
  EditOptions,
  LiveOrders,
  LiveRow,
  LiveStatus,
  LiveView,
  LoadQuery,
  PendingWrite,
  RowChanges,
  RowId,
} from "./live-orders.ts";
import { LiveRows } from "./live-rows.ts";
import { FollowingView } from "./live-view.ts";
import { alwaysOnline, type Network } from "./network.ts";
import { OrderReader } from "./order-reader.ts";
import type { OrderViewOptions } from "./order-view.ts";
import { OrderWrites } from "./order-writes.ts";
import type { BulkOperationInput, OrdersApi } from "./orders-api.ts";
import { Snapshot } from "./snapshot.ts";
import { noOutbox, type OutboxStore } from "./write-outbox.ts";

export interface LiveOrdersOptions {
  readonly api: OrdersApi;
  readonly transport: FeedTransport;
  /** All of them by default. */
  readonly statuses?: readonly Status[];
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly newKey?: () => string;
  readonly network?: Network;
  /** Whether the server still answers, asked when the machine says that it has no network; must answer in time. */
  readonly probe?: () => Promise<boolean>;
  /** Give the API's `onServerDate` the same one, for a lag that is right although the clocks disagree. */
  readonly clockOffset?: ClockOffset;
  /** Where writes that are on their way are kept over a reload; nowhere by default. */
  readonly outbox?: OutboxStore;
  /** Runs a notification soon; what changes until then is told at once. A microtask by default. */
  readonly schedule?: (run: () => void) => void;
  /** Rows of the first page (100) and of those behind it (500), and how many are held (100,000, a little more, and what is kept). */
  readonly firstLimit?: number;
  readonly limit?: number;
  readonly capacity?: number;
}

export const CAPACITY = 100_000;

/** A live collection: `start` it. */
export const createLiveOrders = (options: LiveOrdersOptions): LiveOrders => new LiveOrdersSession(options);

const goneAlready = (id: RowId, mine: OrderPatch): PendingWrite => ({
  id,
  key: "",
  done: Promise.resolve({ ok: false, failure: { kind: "gone", mine } }),
});

class LiveOrdersSession implements LiveOrders, FeedConsumer {
  readonly #options: LiveOrdersOptions;
  readonly #clock: Clock;
  readonly #rows: LiveRows;
  readonly #snapshot: Snapshot;
  readonly #writes: OrderWrites;
  readonly #feed: Feed;
  readonly #reader: OrderReader;
  readonly #offset: ClockOffset;
  readonly #listeners = new Set<(changes: RowChanges) => void>();
  readonly #followers = new Set<(batch: ChangeBatch) => void>();
  readonly #statusListeners = new Set<() => void>();
  readonly #views = new Set<FollowingView>();
  #counts: Counts | null = null;
  #resyncs: LiveStatus["resyncs"] = { count: 0, reason: null };
  #status: LiveStatus | null = null;
  #scheduled = false;
  #resumed: readonly PendingWrite[] | null = null;
  #handled: FeedBeginning | null = null;

  constructor(options: LiveOrdersOptions) {
    const { api, transport, clock = systemClock, random = Math.random, capacity = CAPACITY } = options;
    const offset = options.clockOffset ?? new ClockOffset();
    const onChanged = () => {
      this.#changed();
    };
    this.#options = options;
    this.#clock = clock;
    this.#offset = offset;
    this.#rows = new LiveRows({
      statuses: statusSet(options.statuses ?? STATUSES),
      capacity,
      onChanged,
      onCreated: (temporary, id) => {
        this.#writes.alias(temporary, id);
      },
    });
    this.#snapshot = new Snapshot({
      api,
      rows: this.#rows,
      clock,
      random,
      firstLimit: options.firstLimit ?? 100,
      limit: options.limit ?? 500,
      capacity,
      onChanged,
    });
    this.#writes = new OrderWrites({
      api,
      host: this.#rows,
      clock,
      random,
      newKey: options.newKey ?? newIdempotencyKey,
      serverNow: () => this.serverNow(),
      sawWrite: (committedAt, sent) => {
        offset.sawWrite(committedAt, sent);
      },
      outbox: options.outbox ?? noOutbox,
    });
    this.#reader = new OrderReader({
      api,
      rows: this.#rows,
      onFailed: () => {
        this.#feed.switchOver();
      },
    });
    this.#feed = new Feed({
      transport,
      consumer: this,
      counts: true,
      clock,
      random,
      network: options.network ?? alwaysOnline,
      clockOffset: offset,
      ...(options.probe && { probe: options.probe }),
    });
    this.#feed.subscribe(() => {
      this.#connectionChanged();
    });
  }

  start(): void {
    this.resumed();
    // Pages that were still to come when it was stopped are read from the beginning.
    if (this.#snapshot.isCut) this.#feed.switchOver();
    this.#feed.start();
  }

  resumed(): readonly PendingWrite[] {
    this.#resumed ??= this.#writes.resume();
    return this.#resumed;
  }

  stop(): void {
    this.#snapshot.callOff();
    this.#feed.stop();
  }

  setStatuses(statuses: readonly Status[]): void {
    const wanted = statusSet(statuses);
    if (wanted.join() === this.#rows.statuses.join()) return;
    this.#snapshot.callOff();
    this.#rows.restart(wanted, "kept");
    this.#snapshot.empty();
    this.#feed.switchOver();
  }

  reconnectNow(): void {
    this.#feed.reconnectNow();
  }

  useTransport(transport: FeedTransport): void {
    this.#feed.useTransport(transport);
  }

  row(id: RowId): LiveRow | undefined {
    return this.#rows.row(this.#writes.realId(id));
  }

  orders(): IterableIterator<Order> {
    return this.#rows.orders();
  }

  get size(): number {
    return this.#rows.size;
  }

  subscribe(listener: (changes: RowChanges) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  follow(listener: (batch: ChangeBatch) => void): () => void {
    this.#followers.add(listener);
    return () => {
      this.#followers.delete(listener);
    };
  }

  position(): Position | null {
    return this.#feed.position();
  }

  serverNow(): number {
    return this.#clock.now() + this.#offset.estimate();
  }

  status(): LiveStatus {
    this.#status ??= {
      connection: this.#feed.state(),
      statuses: this.#rows.statuses,
      counts: this.#counts,
      snapshot: this.#snapshot.state,
      resyncs: this.#resyncs,
      saving: this.#rows.saving.rows,
      waiting: this.#rows.saving.waiting,
    };
    return this.#status;
  }

  subscribeStatus(listener: () => void): () => void {
    this.#statusListeners.add(listener);
    return () => {
      this.#statusListeners.delete(listener);
    };
  }

  view(options: OrderViewOptions = {}): LiveView {
    this.#flush();
    const view = new FollowingView(this.#rows, options, (closed) => {
      this.#views.delete(closed);
    });
    this.#views.add(view);
    return view;
  }

  create(order: NewOrder): PendingWrite {
    return this.#writes.create(order);
  }

  edit(id: RowId, patch: OrderPatch, options: EditOptions = {}): PendingWrite {
    const seen = this.#rows.shown(this.#writes.realId(id)) ?? options.base;
    if (seen === undefined) return goneAlready(id, patch);
    return this.#writes.edit(id, patch, seen, options);
  }

  remove(id: RowId, options: EditOptions = {}): PendingWrite {
    return this.#writes.remove(id, options);
  }

  restore(order: Order): PendingWrite {
    return this.#writes.restore(order);
  }

  async load(query: LoadQuery, { signal }: { signal?: AbortSignal } = {}) {
    const page = await this.#snapshot.page(query, signal);
    return page.ok ? { ok: true as const, value: page.value.orders.map(({ id }) => id) } : page;
  }

  keep(ids: () => ReadonlySet<RowId>): () => void {
    return this.#rows.keep(ids);
  }

  bulk(
    operations: readonly BulkOperationInput[],
    onProgress: (done: number) => void = () => undefined,
  ): Promise<readonly BulkOutcome[]> {
    return sendBulk(this.#options.api, operations, (from, outcomes) => {
      outcomes.forEach((outcome, index) => {
        const operation = operations[from + index];
        if (operation !== undefined) this.#rows.layOutcome(operation, outcome);
      });
      onProgress(from + outcomes.length);
    });
  }

  dismiss(id: RowId): void {
    this.#rows.dismiss(this.#writes.realId(id));
  }

  async begin(beginning: FeedBeginning, signal: AbortSignal): Promise<ApiResult<FeedPlace>> {
    if (beginning.kind === "reset" && beginning !== this.#handled) this.#void(beginning.reason);
    this.#handled = beginning;
    const loader = this.#snapshot.begin(signal);
    const page = await loader.first();
    if (!page.ok) return page;
    void loader.rest(page.value);
    const { cursor, position } = page.value;
    return { ok: true, value: { statuses: this.#rows.statuses, after: cursor, position } };
  }

  apply(batch: ChangeBatch): void {
    for (const change of batch.changes) {
      if (change.after === null && change.op !== "delete") this.#reader.read(change.id, change.position);
      this.#rows.layChange(change);
    }
    this.#rows.loaded(this.#rows.ledger.reached(batch.position));
    this.#snapshot.trim();
    for (const follower of this.#followers) follower(batch);
  }

  counts(counts: Counts): void {
    if (this.#counts !== null && counts.position < this.#counts.position) return;
    this.#counts = counts;
    this.#changed();
  }

  /** What is held is void. The rows are shown until the new snapshot is in, unless they are known to be gone. */
  #void(reason: ResetReason): void {
    this.#rows.restart(this.#rows.statuses, reason === "collection-gone" ? "none" : "voided");
    this.#counts = null;
    this.#resyncs = { count: this.#resyncs.count + 1, reason };
    this.#snapshot.empty();
  }

  #connectionChanged(): void {
    const { kind } = this.#feed.state();
    if (kind === "live") this.#writes.retryNow();
    this.#changed();
  }

  #changed(): void {
    this.#status = null;
    if (this.#scheduled) return;
    this.#scheduled = true;
    const schedule = this.#options.schedule ?? queueMicrotask;
    schedule(() => {
      this.#flush();
    });
  }

  /** Views first: whoever is told of the changes finds them in order. */
  #flush(): void {
    this.#scheduled = false;
    const changes = this.#rows.take();
    if (changes.all || changes.changes.length > 0) {
      for (const view of this.#views) view.follow(changes);
      for (const listener of this.#listeners) listener(changes);
    }
    for (const listener of this.#statusListeners) listener();
  }
}
