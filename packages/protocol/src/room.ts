import type { Change } from "./change.ts";
import type { Order } from "./order.ts";
import { STATUSES, statusSet, type Status } from "./status.ts";

/** The room of a set of statuses: `status:pending`, or `status:pending+shipped` for a watcher of several. */
export type Room = `status:${string}`;

export const roomOf = (statuses: Iterable<Status>): Room => `status:${statusSet(statuses).join("+")}`;

/** The seven rooms: every set of statuses but the empty one. */
export const ROOMS: readonly { readonly room: Room; readonly statuses: readonly Status[] }[] = Array.from(
  { length: 2 ** STATUSES.length - 1 },
  (_, index) => {
    const statuses = STATUSES.filter((_status, bit) => ((index + 1) >> bit) & 1);
    return { room: roomOf(statuses), statuses };
  },
);

/** What of a change says who sees it, and where it stands. */
export interface SeenChange {
  readonly position: Change["position"];
  readonly op: Change["op"];
  readonly before: Pick<Order, "status"> | null;
  readonly after: Pick<Order, "status"> | null;
}

/**
 * Whether a reader of `statuses` sees the change: by the image before or the one after, so that it sees orders arrive
 * and leave. A change that lacks an image it should have goes to every reader.
 */
export function isSeenBy(change: SeenChange, statuses: readonly Status[]): boolean {
  const { op, before, after } = change;
  if (before === null && op !== "insert") return true;
  if (after === null && op !== "delete") return true;
  return (
    (before !== null && statuses.includes(before.status)) ||
    (after !== null && statuses.includes(after.status))
  );
}
