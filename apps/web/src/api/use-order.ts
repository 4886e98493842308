import { describeError, problemSlug } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Order } from "@live-orders/protocol/order";
import { useQuery } from "@tanstack/react-query";

/** How often it is asked for again, in milliseconds: no feed tells of an order that the list does not hold. */
const PACE = 5000;

/** One order by its id, for a link to an order that the list does not hold. Null: there is none. */
export function useOrder(api: OrdersApi, id: number, enabled: boolean) {
  return useQuery({
    queryKey: ["order", id],
    enabled,
    staleTime: 0,
    refetchInterval: PACE,
    queryFn: async ({ signal }): Promise<Order | null> => {
      const result = await api.get(id, { signal });
      if (result.ok) return result.value.order;
      if (problemSlug(result.error) === "not-found") return null;
      throw new Error(describeError(result.error));
    },
  });
}
