import type { PastOrder } from "./past-order.ts";

/** Something that happened to an order. */
export interface PastEvent {
  readonly order: PastOrder;
  readonly step: "ordered" | "shipped" | "delivered";
  /** In ms since the epoch. */
  readonly at: number;
}

/** All that happened, in the order of time; of one order always in the order of its steps. */
export function timelineOf(orders: readonly PastOrder[]): PastEvent[] {
  const events = orders.flatMap((order): PastEvent[] => [
    { order, step: "ordered", at: order.ordered },
    ...(order.shipped === null ? [] : [{ order, step: "shipped" as const, at: order.shipped }]),
    ...(order.delivered === null ? [] : [{ order, step: "delivered" as const, at: order.delivered }]),
  ]);
  return events.sort((a, b) => a.at - b.at);
}
