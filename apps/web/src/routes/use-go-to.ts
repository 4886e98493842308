import type { RowId } from "@live-orders/client/live-orders";
import { getRouteApi } from "@tanstack/react-router";
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
  const goTo = useCallback(
    (change: Partial<OrdersSearch>) => {
      // A search is typed letter by letter: Back goes to where it began.
      void navigate({ search: (now) => ({ ...now, ...change }), replace: "q" in change });
    },
    [navigate],
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
