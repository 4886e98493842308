import type { Order } from "@live-orders/protocol/order";

/** Equal for equal orders, whatever the order of their fields. */
export const orderText = ({ id, customer_name, product_name, status, updated_at }: Order): string =>
  JSON.stringify([id, customer_name, product_name, status, updated_at]);
