import type { RowId } from "@live-orders/client/live-orders";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import type { OrdersSearch } from "./orders-search.ts";

const route = getRouteApi("/");

interface GoTo {
  readonly goTo: (change: Partial<OrdersSearch>) => void;
  readonly openOrder: (order: RowId | "new") => void;
  readonly search: (text: string) => void;
}

/** Changes the address of the orders page. The functions stay the same. */
export function useGoTo(): GoTo {
  const navigate = route.useNavigate();
  const router = useRouter();
  const goTo = useCallback(
    (change: Partial<OrdersSearch>) => {
      // A search is typed letter by letter: Back goes to what was shown before its first.
      const goesOn = "q" in change && router.state.location.search.q !== undefined;
      void navigate({ search: (now) => ({ ...now, ...change }), replace: goesOn });
    },
    [navigate, router],
  );
  const openOrder = useCallback(
    (order: RowId | "new") => {
      goTo({ order });
    },
    [goTo],
  );
  const search = useCallback(
    (text: string) => {
      goTo({ q: text === "" ? undefined : text });
    },
    [goTo],
  );
  return { goTo, openOrder, search };
}
