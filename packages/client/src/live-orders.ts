import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { NewOrder, Order, OrderPatch } from "@live-orders/protocol/order";
import type { Sort } from "@live-orders/protocol/order-query";
import type { Position } from "@live-orders/protocol/position";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { Status } from "@live-orders/protocol/status";
import type { ApiError, ApiResult } from "./api-error.ts";
import type { BulkOutcome } from "./bulk-writes.ts";
import type { FeedTransport } from "./feed-transport.ts";
import type { ConnectionState } from "./connection-state.ts";
import type { BulkOperationInput, OrderListQuery } from "./orders-api.ts";

/** An order's id, or a negative number for one that is being created. */
export type RowId = number;

/** A row as it is to be shown: the confirmed order with what is being saved laid over it. */
export interface LiveRow {
  readonly id: RowId;
  /** With the overlay applied; `id` is negative while the order is being created. */
  readonly order: Order;
  /** The order as the server last confirmed it; null while it is being created. */
  readonly confirmed: Order | null;
  /** What is being saved over it, the latest last; null when nothing is. */
  readonly saving: "create" | "restore" | "edit" | "remove" | null;
  /** The save waits for the server to be reached again. */
  readonly waiting: boolean;
  /** Why the last write of this order was rolled back, until it is dismissed or a later write is made. */
  readonly failure: WriteFailure | null;
}

/** Why a write failed. */
export type WriteFailure =
  /** The same field was changed by others meanwhile, or what was to be removed was; `mine` is null for a removal. */
  | {
      readonly kind: "conflict";
      readonly base: Order;
      readonly mine: OrderPatch | null;
      readonly theirs: Order;
      /** When this person made the write, by the server's clock as far as it is known, in ms since 1970. */
      readonly madeAt: number;
    }
  /** The order is not there any more. */
  | { readonly kind: "gone"; readonly mine: OrderPatch | null }
  | { readonly kind: "refused"; readonly error: ApiError; readonly mine: OrderPatch | NewOrder | null };

export type WriteOutcome =
  | { readonly ok: true; readonly order: Order; readonly position: string }
  | { readonly ok: false; readonly failure: WriteFailure };

/** What a write gives back at once: the row is already as it will be. */
export interface PendingWrite {
  /** The row's id; negative for a create until it is confirmed. */
  readonly id: RowId;
  /** The `Idempotency-Key` it was first sent with. */
  readonly key: string;
  /** Never rejects. */
  readonly done: Promise<WriteOutcome>;
}

/** How one row became another. */
export interface RowChange {
  readonly id: RowId;
  /** Null if it was not in the collection. */
  readonly before: Order | null;
  /** Null if it is not in the collection any more. */
  readonly after: Order | null;
  /**
   * `others`: a change that this client did not make; `own`: this client's write; `load`: a page of the list; `bound`: it
   * was let go, since there are more orders than are held.
   */
  readonly by: "others" | "own" | "load" | "bound";
  /** The change of the feed that brought it, if one did: for a row that left, it says where to. */
  readonly change: Change | null;
  /** Whether `saving`, `waiting` or `failure` may be different, too. */
  readonly marked: boolean;
  /** For a create that was confirmed: the negative id under which the row stood before. */
  readonly replaces: RowId | null;
}

/** What changed since the last notification, in the order in which it came, at most one entry a row. */
export interface RowChanges {
  /** Everything is new (first page, other statuses, reset): read the rows afresh. `changes` is empty then. */
  readonly all: boolean;
  readonly changes: readonly RowChange[];
}

export interface LiveStatus {
  readonly connection: ConnectionState;
  readonly statuses: readonly Status[];
  readonly counts: Counts | null;
  readonly snapshot: SnapshotState;
  /** How often what was held became void, and the last reason. */
  readonly resyncs: { readonly count: number; readonly reason: ResetReason | null };
  /** Orders with a write under way. */
  readonly saving: number;
  /** Those of them that wait for the server to be reached again. */
  readonly waiting: number;
}

export type SnapshotState =
  | { readonly kind: "empty" }
  /** The first page is in; the rest comes. */
  | { readonly kind: "loading"; readonly loaded: number }
  | { readonly kind: "complete"; readonly loaded: number }
  /** There are more orders than are held. */
  | { readonly kind: "bounded"; readonly loaded: number }
  /** A page could not be read; it is asked for again. */
  | { readonly kind: "failed"; readonly loaded: number; readonly error: ApiError };

export interface EditOptions {
  /** The order as the person saw it when they began; by default as it stands in the collection. */
  readonly base?: Order;
  /** Write whatever has happened meanwhile (without `If-Match`). */
  readonly force?: boolean;
}

export type LoadQuery = Omit<OrderListQuery, "statuses" | "after">;

/** A live collection of the orders in some statuses, with optimistic writes. */
export interface LiveOrders {
  start(): void;
  /** The writes that were on their way when the page was left, and are taken up again with `start`. */
  resumed(): readonly PendingWrite[];
  /** Ends the feed and every request; what is saving is still sent. */
  stop(): void;
  /** Watches other statuses, without a gap. */
  setStatuses(statuses: readonly Status[]): void;
  /** Tries to connect now instead of waiting for the back-off. */
  reconnectNow(): void;

  /** Goes on over another transport, without a gap. */
  useTransport(transport: FeedTransport): void;

  row(id: RowId): LiveRow | undefined;
  /** Every row's order, overlay applied, in no particular order. */
  orders(): IterableIterator<Order>;
  readonly size: number;
  /** Told at most once per scheduler tick; the answer ends it. */
  subscribe(listener: (changes: RowChanges) => void): () => void;

  /**
   * Every change that the feed hands over from now on, once and in commit order, of the watched statuses alone. A change
   * of statuses or a reset may leave a gap. The listener must not throw.
   */
  follow(listener: (batch: ChangeBatch) => void): () => void;
  /** All changes up to here were handed over; null before it is known. */
  position(): Position | null;
  /** The server's clock as far as it is known, in ms since 1970. */
  serverNow(): number;

  /** The same object until something in it changes. */
  status(): LiveStatus;
  subscribeStatus(listener: () => void): () => void;

  /** A sorted, searched list of the rows that follows the collection; `close` it when done. */
  view(options?: { readonly sort?: Sort; readonly q?: string }): LiveView;

  create(order: NewOrder): PendingWrite;
  edit(id: RowId, patch: OrderPatch, options?: EditOptions): PendingWrite;
  remove(id: RowId, options?: EditOptions): PendingWrite;
  /** Puts an order that was removed back under its id (undo). */
  restore(order: Order): PendingWrite;
  /**
   * Reads the first page under any sort and search, and lays its rows, too: what a person looks at before all is loaded,
   * or when there is more than is held. The ids of its orders, or what went wrong. A page that was called off is not
   * laid.
   */
  load(query: LoadQuery, options?: { readonly signal?: AbortSignal }): Promise<ApiResult<readonly number[]>>;
  /**
   * Where there are more orders than are held, these are not let go, as many as the capacity at most; the answer ends it.
   * `ids` is asked when others go, and must not throw.
   */
  keep(ids: () => ReadonlySet<RowId>): () => void;
  /** Many at once, over the bulk route, at most 1,000 a request; one outcome for each, in order. Not optimistic. */
  bulk(
    operations: readonly BulkOperationInput[],
    onProgress?: (done: number) => void,
  ): Promise<readonly BulkOutcome[]>;
  /** Forgets the failure shown in the row. */
  dismiss(id: RowId): void;
}

/** Rows under a sort and a search. */
export interface LiveView {
  /** The rows in order. The array is changed in place (`version` tells when): read it, keep no copy, do not write. */
  rows(): readonly Order[];
  /** Grows with every change of `rows()`: for `useSyncExternalStore`. */
  version(): number;
  subscribe(listener: () => void): () => void;
  /** Another sort or search. */
  set(options: { readonly sort?: Sort; readonly q?: string }): void;
  /** Where the row stands, or -1. */
  indexOf(id: RowId): number;
  close(): void;
}
