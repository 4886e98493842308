import type { Order } from "@live-orders/protocol/order";
import type { Departure } from "../live/departures.ts";

interface Known {
  /** As the list holds it. */
  readonly held: Order | null;
  readonly departure: Departure | null;
  /** What the server said when it was asked for this order; undefined before. */
  readonly asked: Order | null | undefined;
  /** What was known before this. */
  readonly before: Order | null | undefined;
}

/** Whether only the server can tell how the order stands. */
export const isToBeAsked = ({ held, departure }: Pick<Known, "held" | "departure">): boolean =>
  held === null && (departure === null || departure.to === "unloaded");

/** How the order stands; null when it was deleted, undefined while nothing is known of it. */
export function standingOrder(known: Known): Order | null | undefined {
  const { held, departure, asked } = known;
  if (held !== null) return held;
  if (departure !== null && !isToBeAsked(known)) return departure.to === "deleted" ? null : departure.order;
  const before = known.before === undefined ? departure?.order : known.before;
  if (asked === undefined) return before;
  // It may have been asked for before the list came to hold it.
  return asked && before && asked.updated_at < before.updated_at ? before : asked;
}
