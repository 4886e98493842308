import { spokenOrderSchema, type SpokenOrder } from "@live-orders/protocol/http-ask";

const spokenSchema = spokenOrderSchema.strip();

/** The orders in what a tool gave, by id, as read last. */
export function ordersIn(data: unknown, found = new Map<number, SpokenOrder>()): Map<number, SpokenOrder> {
  if (Array.isArray(data)) data.forEach((one) => ordersIn(one, found));
  else if (typeof data === "object" && data !== null) {
    const order = spokenSchema.safeParse(data);
    if (order.success) found.set(order.data.id, order.data);
    else Object.values(data).forEach((one) => ordersIn(one, found));
  }
  return found;
}
