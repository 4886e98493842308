import type { Counts } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import type { Sort } from "@live-orders/protocol/order-query";
import type { Position } from "@live-orders/protocol/position";
import type { Status } from "@live-orders/protocol/status";
import type { CursorParts } from "./cursor-parts.ts";
import type { WriteOperation, WriteResult } from "./write-plan.ts";

/**
 * The seam to the rows. Every method either gives its answer within 5 s or throws `StoreUnavailableError`; a write that
 * throws it has an unknown outcome.
 */
export interface OrderStore {
  /** All rows as of one instant: exactly the changes up to `at.position`. Rows that break the table are left out. */
  page(query: PageQuery): Promise<PageAnswer>;
  counts(q: string): Promise<Counts>;
  /**
   * Every row of the query as of one instant, in order, in batches of at most `EXPORT_BATCH`; the next one is read when
   * `take` has returned. Apart from what `take` takes, each batch comes within 5 s; after `EXPORT_LIMIT_MS` in all it
   * throws, for no database keeps an instant for ever. What `take` throws comes through.
   */
  export(query: ExportQuery, take: (orders: readonly Order[]) => Promise<void>): Promise<void>;
  /** `order` is null if there is none (or one that breaks the table). */
  get(id: number): Promise<{ readonly order: Order | null; readonly position: Position }>;
  /** All operations in one transaction, in order. */
  write(request: WriteRequest): Promise<WriteAnswer>;
  /**
   * The cursor of now by the database's clock: every change acknowledged before the call (under `w: majority`) is at or
   * before it. Every reader's position reaches it within 10 s, if nothing more is written.
   */
  now(): Promise<CursorParts>;
  /** Returns when a write has been acknowledged by a majority, else throws. */
  checkWritable(): Promise<void>;
}

export interface PageQuery {
  /** All statuses, or those asked for; never empty. */
  readonly statuses: readonly Status[];
  /** Empty: no search. */
  readonly q: string;
  readonly sort: Sort;
  readonly limit: number;
  /** The `next` of the page before, under the same query. */
  readonly after: string | null;
}

export type ExportQuery = Pick<PageQuery, "statuses" | "q" | "sort">;

export const EXPORT_BATCH = 500;
/** MongoDB keeps an instant for five minutes. */
export const EXPORT_LIMIT_MS = 4 * 60 * 1000;

export type PageAnswer =
  | {
      readonly kind: "page";
      readonly orders: readonly Order[];
      readonly next: string | null;
      readonly at: CursorParts;
    }
  /** `after` is not a `next` of this query. */
  | { readonly kind: "bad-page-cursor" };

export interface WriteRequest {
  readonly operations: readonly WriteOperation[];
  readonly idempotency?: {
    readonly key: string;
    /** Equal for equal requests: made of route and body. */
    readonly fingerprint: string;
  };
}

export type WriteAnswer =
  | { readonly kind: "done"; readonly results: readonly WriteResult[] }
  /** The key belongs to a request with another fingerprint. */
  | { readonly kind: "key-conflict" };

/** The database is away, or did not answer in time. */
export class StoreUnavailableError extends Error {
  readonly kind = "unavailable";
  override readonly name = "StoreUnavailableError";
}
