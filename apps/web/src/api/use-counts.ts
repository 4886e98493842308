import { describeError } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Counts } from "@live-orders/protocol/http-orders";
import { queryOptions, useQuery } from "@tanstack/react-query";

/** How often the counts of a search are asked for again, in milliseconds: the feed's counts are of all orders. */
const SEARCH_PACE = 5000;

/** How many orders a search finds, by status. What another search found, or this one long ago, is no answer. */
export const countsQuery = (api: Pick<OrdersApi, "counts">, q: string) =>
  queryOptions({
    queryKey: ["counts", q],
    gcTime: 0,
    refetchInterval: q === "" ? false : SEARCH_PACE,
    queryFn: async ({ signal }): Promise<Counts> => {
      const result = await api.counts(q, { signal });
      if (result.ok) return result.value;
      throw new Error(describeError(result.error));
    },
  });

/** How many orders a search finds, by status; without a search, the counts until the feed brings its own. */
export const useCounts = (api: OrdersApi, q: string, enabled: boolean) =>
  useQuery({ ...countsQuery(api, q), enabled });
