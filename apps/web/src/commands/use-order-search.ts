import { describeError } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Order } from "@live-orders/protocol/order";
import { searchMatcher } from "@live-orders/protocol/order-query";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** How long after the last letter the server is asked, in milliseconds. */
const TYPING = 150;
const MOST = 8;
const MAX_LENGTH = 200;

interface OrderSearch {
  readonly orders: readonly Order[];
  /** Why it could not be searched; null if nothing is wrong. */
  readonly error: string | null;
  readonly searching: boolean;
}

const NOTHING: OrderSearch = { orders: [], error: null, searching: false };

/** The orders that a text finds, the newest changes first: by the server, so also those that the page does not hold. */
export function useOrderSearch(api: OrdersApi, typed: string): OrderSearch {
  const wanted = typed
    .trim()
    .replace(/^#(?=\d)/, "")
    .slice(0, MAX_LENGTH);
  const q = useSettled(wanted);
  const found = useQuery({
    queryKey: ["palette", q],
    enabled: q !== "",
    staleTime: 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<readonly Order[]> => {
      const result = await api.list({ q, limit: MOST }, { signal });
      if (result.ok) return result.value.orders;
      throw new Error(describeError(result.error));
    },
  });
  if (wanted === "") return NOTHING;
  return {
    // Those of the text before stand until the new ones come, as far as they are found by the new one, too.
    orders: (found.data ?? []).filter(searchMatcher(wanted)),
    error: found.isError ? found.error.message : null,
    searching: q !== wanted || found.isFetching,
  };
}

/** The text as it is once nobody types any more. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(text);
    }, TYPING);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return settled;
}
