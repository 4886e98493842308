import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import type { SeededRandom } from "./seeded-random.ts";
import { orderOf } from "./store-samples.ts";

/** A change whose place the database gives. */
export type PastChange = Omit<Change, "position">;

interface PastOptions {
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly orders: number;
}

/** Lives of some orders, interleaved, in the order of time: made, edited, moved to and fro, deleted, made anew. */
export function pastChanges(
  random: SeededRandom,
  { count, fromMs, toMs, orders }: PastOptions,
): PastChange[] {
  const standing = new Map<number, Order>();
  const times = Array.from({ length: count }, () => random.int(fromMs, toMs)).sort((a, b) => a - b);
  return times.map((atMs) => {
    const id = random.int(1, orders);
    const before = standing.get(id) ?? null;
    const at = new Date(atMs).toISOString();
    const after = before !== null && random.chance(0.1) ? null : next(random, id, before, at);
    if (after === null) standing.delete(id);
    else standing.set(id, after);
    if (before === null) return { op: "insert", id, before, after, at };
    if (after === null) return { op: "delete", id, before, after, at };
    // Now and then the database has kept but one of the two images.
    const lost = random.int(1, 30);
    return { op: "update", id, before: lost === 1 ? null : before, after: lost === 2 ? null : after, at };
  });
}

function next(random: SeededRandom, id: number, before: Order | null, updated_at: string): Order {
  if (before === null) {
    return orderOf(id, { status: random.chance(0.8) ? "pending" : random.pick(STATUSES), updated_at });
  }
  if (random.chance(0.3)) return { ...before, customer_name: `Customer ${random.int(1, 99)}`, updated_at };
  return { ...before, status: random.pick(STATUSES), updated_at };
}
