import type { AnswerPart, SpokenOrder } from "@live-orders/protocol/http-ask";
import type { Order } from "@live-orders/protocol/order";

export const text = (words: string): AnswerPart => ({ kind: "text", text: words });
export const usedTool = (name: string): AnswerPart => ({ kind: "tool", name });
export const failed = (reason: string): AnswerPart => ({ kind: "failed", reason: reason.slice(0, 500) });
export const ANSWERED: AnswerPart = { kind: "end", outcome: "answered" };
export const NOT_UNDERSTOOD: AnswerPart = { kind: "end", outcome: "not-understood" };

export const spokenOrders = (orders: readonly Order[]): AnswerPart => ({
  kind: "orders",
  orders: orders.map(({ id, customer_name, product_name, status }): SpokenOrder => ({
    id,
    customer_name,
    product_name,
    status,
  })),
});
