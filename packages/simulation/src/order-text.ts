import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";

const texts = new WeakMap<Order, string>();

/** The five fields of an order, comparable. */
export function orderText(order: Order): string {
  const known = texts.get(order);
  if (known !== undefined) return known;
  const { id, customer_name, product_name, status, updated_at } = order;
  const text = JSON.stringify([id, customer_name, product_name, status, updated_at]);
  texts.set(order, text);
  return text;
}

/** All that a change says, comparable. */
export const changeText = ({ position, op, id, before, after, at, key }: Change): string =>
  [position, op, id, before && orderText(before), after && orderText(after), at, key ?? "-"].join(" ");
