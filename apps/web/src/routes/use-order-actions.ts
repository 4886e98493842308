import type { RowId } from "@live-orders/client/live-orders";
import { useCallback, useState } from "react";
import type { Review } from "../live/deed.ts";
import { createOrderActions, type OrderActions } from "../live/order-actions.ts";
import { useParts } from "../live/page-parts.tsx";

/** A review, and which one it is: the form begins anew with each. */
type NumberedReview = Review & { readonly number: number };

interface ActionsWithReview {
  readonly actions: OrderActions;
  readonly review: NumberedReview | null;
  readonly endReview: () => void;
}

/** What a person may do to orders; what was refused opens in the panel for review. */
export function useOrderActions(openOrder: (order: RowId | "new") => void): ActionsWithReview {
  const { live, rows, toasts, undos } = useParts();
  const [review, setReview] = useState<NumberedReview | null>(null);
  const [actions] = useState(() =>
    createOrderActions({
      live,
      rows,
      toasts,
      undos,
      review: (next) => {
        setReview((last) => ({ ...next, number: (last?.number ?? 0) + 1 }));
        openOrder(next.id);
      },
    }),
  );
  const endReview = useCallback(() => {
    setReview(null);
  }, []);
  return { actions, review, endReview };
}
