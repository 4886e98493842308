import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";

/** The seam to what the durable history tells of one order. */
export interface OrderHistory {
  /**
   * The changes of the order with this id, newest first, of the collection or table that stands now: an order that was
   * deleted and made anew under its id is one history. Null: `before` is no position of this database.
   *
   * @throws StoreUnavailableError
   */
  of(id: number, page: HistoryPage): Promise<OrderHistoryAnswer | null>;
}

export interface HistoryPage {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly before: Position | null;
}

export interface OrderHistoryAnswer {
  readonly changes: readonly Change[];
  /** Where older ones begin; null if there are none. */
  readonly next: Position | null;
  /** Null: no history is kept, and `changes` is empty. */
  readonly kept: KeptHistory | null;
}

export interface KeptHistory {
  /** RFC 3339: the history is whole from this instant on. Older changes may be there, but some may be missing. */
  readonly since: string;
  /** The history holds every change up to here; the later ones come by the feed. */
  readonly position: Position;
}
