import { problemSlug, type ApiResult } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { OrderAnswer } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import { apiFailure } from "../terminal/api-failure.ts";
import type { PastOrder } from "./past-order.ts";
import type { PastEvent } from "./timeline.ts";

export interface PlayedCounts {
  readonly ordered: number;
  readonly shipped: number;
  readonly delivered: number;
  /** Orders that were left alone: their id was taken, or somebody else changed or deleted them meanwhile. */
  readonly left: number;
}

/** Does to the server's orders what happened to those of the past. */
export interface OrderPlayer {
  /** @throws CliFailure if the server stays away, or refuses */
  perform(event: PastEvent): Promise<void>;
  counts(): PlayedCounts;
}

/** With the back-off of the HTTP client about a minute: longer than a server's restart. */
const TRIES = 15;

export function orderPlayer(
  api: Pick<OrdersApi, "create" | "put" | "patch">,
  { url, signal }: { readonly url: string; readonly signal: AbortSignal },
): OrderPlayer {
  /** The orders under way, as they stood after the last step. */
  const standing = new Map<PastOrder, Order>();
  const counts = { ordered: 0, shipped: 0, delivered: 0, left: 0 };
  const options = { signal, tries: TRIES };

  const send = async ({ order, step }: PastEvent): Promise<ApiResult<OrderAnswer> | null> => {
    if (step === "ordered") {
      const fields = { ...order.fields, status: "pending" as const };
      return order.id === null ? api.create(fields, options) : api.put(order.id, fields, options);
    }
    const ifMatch = standing.get(order);
    return ifMatch === undefined ? null : api.patch(ifMatch.id, { status: step }, { ...options, ifMatch });
  };

  return {
    counts: () => ({ ...counts }),
    async perform(event) {
      const answer = await send(event);
      if (answer === null) return;
      const { order, step } = event;
      if (answer.ok) {
        counts[step] += 1;
        if (step === "delivered") standing.delete(order);
        else standing.set(order, answer.value.order);
        return;
      }
      const slug = problemSlug(answer.error);
      if (slug !== "stale" && slug !== "not-found") throw apiFailure(answer.error, url);
      counts.left += 1;
      standing.delete(order);
    },
  };
}
