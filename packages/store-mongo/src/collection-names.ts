import { ORDERS } from "./order-model.ts";

/** What stands beside `orders` in its database. */
export const ID_COUNTERS = `${ORDERS}_id_counters`;
export const IDEMPOTENCY_KEYS = `${ORDERS}_idempotency_keys`;
export const HEALTH = `${ORDERS}_health`;
/** The durable history: a row for each change, and where it begins and ends. */
export const ORDER_CHANGES = "order_changes";
/** What the agent wrote, and where its readers stand in the feed. */
export const AGENT_MESSAGES = "agent_messages";
export const AGENT_READERS = "agent_readers";
