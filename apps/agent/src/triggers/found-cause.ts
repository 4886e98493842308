import type { MessageCause } from "@live-orders/protocol/agent-message";
import type { Order } from "@live-orders/protocol/order";

/** What a trigger found, and the order as it was then. */
export interface FoundCause {
  readonly cause: MessageCause;
  readonly order: Order;
}
