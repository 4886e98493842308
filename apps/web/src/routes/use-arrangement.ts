import { DEFAULT_SORT, formatSort, sortSchema } from "@live-orders/protocol/order-query";
import { STATUSES } from "@live-orders/protocol/status";
import { useEffect } from "react";
import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import { scrollGridToTop } from "../orders-table/grid-element.ts";
import type { OrdersFilter } from "./orders-search.ts";

/** Rows that are asked for under another sort or search, to fill the window at once. */
const FIRST_ROWS = 100;

/** Has the collection watch what the address asks for, and the list stand as it asks. */
export function useArrangement({ statuses, q, sort }: OrdersFilter, onArranged: () => void): void {
  const { live, rows } = useParts();
  // By value: each address brings a new filter, though mostly an equal one.
  const watched = statuses.join("+");
  const sorted = formatSort(sort);
  useEffect(() => {
    live.setStatuses(STATUSES.filter((status) => watched.split("+").includes(status)));
    rows.arrange(sortSchema.parse(sorted), q);
    scrollGridToTop();
    onArranged();
  }, [live, rows, watched, sorted, q, onArranged]);

  // The list is read newest first: under another order its top would come last, page by page, or not at all.
  const { kind } = useLiveStatus().snapshot;
  const isPartial = kind === "loading" || kind === "bounded";
  const isOther = q !== "" || sorted !== formatSort(DEFAULT_SORT);
  useEffect(() => {
    // If it fails, the rows come all the same with the pages, where there is room for them.
    if (isPartial && isOther) void live.load({ q, sort: sortSchema.parse(sorted), limit: FIRST_ROWS });
  }, [live, watched, sorted, q, isPartial, isOther]);
}
