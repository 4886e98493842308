import type { Change } from "@live-orders/protocol/change";
import { STATUSES } from "@live-orders/protocol/status";
import type { ActivityRange, ActivitySums, Arrival } from "@live-orders/store/order-activity";

/** What a store must say of a range of changes, by the plainest way that there is: going through all of them. */
export function naiveSums(changes: readonly Change[], range: ActivityRange): ActivitySums[] {
  const counted = newestOf(changes, range);
  const starts = new Set(counted.map((change) => startOf(change, range)));
  return [...starts]
    .sort((a, b) => a - b)
    .map((startMs) => {
      const own = counted.filter((change) => startOf(change, range) === startMs);
      const count = (side: "before" | "after", status: string) =>
        own.filter((change) => change[side]?.status === status).length;
      const [pending = 0, shipped = 0, delivered = 0] = STATUSES.map(
        (status) => count("after", status) - count("before", status),
      );
      const created = own.filter(({ op }) => op === "insert").length;
      return { startMs, changes: own.length, created, net: { pending, shipped, delivered } };
    });
}

/** The newest first. The life of each order is followed from its first change on. */
export function naiveArrivals(
  changes: readonly Change[],
  range: ActivityRange,
): (Arrival & { id: number })[] {
  const counted = new Set(newestOf(changes, range));
  const pendingSince = new Map<number, number>();
  const arrivals: (Arrival & { id: number })[] = [];
  for (const change of changes) {
    const { id, before, after } = change;
    const atMs = Date.parse(change.at);
    const since = pendingSince.get(id);
    const to = after?.status;
    const isArrival =
      before !== null &&
      ((to === "shipped" && before.status === "pending") ||
        (to === "delivered" && before.status !== "delivered"));
    if (isArrival && since !== undefined && counted.has(change)) arrivals.push({ id, to, ms: atMs - since });
    if (before === null && change.op === "update") pendingSince.delete(id);
    if (after === null || change.op === "insert") pendingSince.delete(id);
    const becomesPending =
      to === "pending" && (change.op === "insert" || (before && before.status !== "pending"));
    if (becomesPending === true) pendingSince.set(id, atMs);
  }
  return arrivals.reverse();
}

/** Those of the range that are looked at. */
function newestOf(changes: readonly Change[], { fromMs, most }: ActivityRange): readonly Change[] {
  return changes.filter(({ at }) => Date.parse(at) >= fromMs).slice(-most);
}

function startOf({ at }: Change, { stepMs }: ActivityRange): number {
  const atMs = Date.parse(at);
  return atMs - (atMs % stepMs);
}
