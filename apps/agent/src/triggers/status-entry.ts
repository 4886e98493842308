import type { Change } from "@live-orders/protocol/change";
import type { OrderHistoryPage } from "@live-orders/protocol/http-history";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";

/** When an order came to the status that it has. */
export type StatusEntry =
  | {
      readonly kind: "known";
      readonly position: Position;
      readonly at: string;
      /** It was created there. */
      readonly created: boolean;
    }
  /** The history does not reach back to it, or lacks an image: it is as old as its `updated_at` at least. */
  | { readonly kind: "unknown"; readonly position: Position; readonly at: string }
  /** The history does not tell of the order as it stands yet. */
  | { readonly kind: "behind" }
  /** An older page will tell. */
  | { readonly kind: "older" };

/** Reads it from the changes of an order so far, the newest first, and the last page that they came from. */
export function statusEntry(
  order: Order,
  changes: readonly Change[],
  page: Pick<OrderHistoryPage, "next" | "since">,
): StatusEntry {
  const unknown = { kind: "unknown", position: unknownPosition(order), at: order.updated_at } as const;
  if (page.since === null) return unknown;
  const [newest] = changes;
  if (newest === undefined) return order.updated_at < page.since ? unknown : { kind: "behind" };
  if (newest.op === "delete" || (newest.after !== null && !isSame(newest.after, order)))
    return { kind: "behind" };
  for (const { op, before, after, position, at } of changes) {
    if (after?.status !== order.status) return unknown;
    if (op === "insert") return { kind: "known", position, at, created: true };
    if (before === null) return unknown;
    if (before.status !== order.status) return { kind: "known", position, at, created: false };
  }
  return page.next === null ? unknown : { kind: "older" };
}

const UNKNOWN = "updated_at:";
const unknownPosition = ({ updated_at }: Order): Position => `${UNKNOWN}${updated_at}`;

/** Whether the history told which change it was. */
export const isKnownPosition = (position: Position): boolean => !position.startsWith(UNKNOWN);

const isSame = (a: Order, b: Order): boolean =>
  a.updated_at === b.updated_at &&
  a.status === b.status &&
  a.customer_name === b.customer_name &&
  a.product_name === b.product_name;
