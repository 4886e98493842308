import { useNavigate, useRouterState } from "@tanstack/react-router";
import { ordersSearchSchema, type OrdersSearch } from "./orders-search.ts";

interface OrdersAddress {
  /** What the orders page shows, or would show. */
  readonly search: OrdersSearch;
  /** Opens the orders page, with these changed. */
  readonly goTo: (change: Partial<OrdersSearch>) => void;
}

/** The address of the orders page, from whatever page: from another one it is that of all orders. */
export function useOrdersAddress(): OrdersAddress {
  const location = useRouterState({ select: (state) => state.location });
  const navigate = useNavigate();
  const search = location.pathname === "/" ? ordersSearchSchema.parse(location.search) : {};
  return {
    search,
    goTo: (change) => {
      void navigate({ to: "/", search: { ...search, ...change } });
    },
  };
}
