import { describeError, problemSlug } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Position } from "@live-orders/protocol/position";
import type { SeenOrder } from "./cause-recorder.ts";

/** Above every position: an order that is not there was deleted after whatever was seen of it. */
const NOW: Position = "\u{10ffff}";

/** The order as it stands. @throws Error if the server does not answer */
export async function readOrder(
  api: Pick<OrdersApi, "get">,
  id: number,
  signal?: AbortSignal,
): Promise<SeenOrder> {
  const answer = await api.get(id, { tries: 3, ...(signal && { signal }) });
  if (answer.ok) return { id, ...answer.value };
  if (problemSlug(answer.error) === "not-found") return { id, order: null, position: NOW };
  throw new Error(`order ${id} could not be read: ${describeError(answer.error)}`);
}
