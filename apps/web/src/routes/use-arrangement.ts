import { DEFAULT_SORT, formatSort, sortSchema } from "@live-orders/protocol/order-query";
import { STATUSES } from "@live-orders/protocol/status";
import { useEffect, useState, useSyncExternalStore } from "react";
import { ListReading, type ListReadingState } from "../live/list-reading.ts";
import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import { scrollGridToTop } from "../orders-table/grid-element.ts";
import type { OrdersFilter } from "./orders-search.ts";

/** Rows that are asked for under another sort or search, to fill the window at once. */
const FIRST_ROWS = 100;

/** The reading of what the list needs beside the newest orders. */
export type Arrangement = ListReadingState & { readonly again: () => void };

/** Has the collection watch what the address asks for, and the list stand as it asks. */
export function useArrangement({ statuses, q, sort }: OrdersFilter, onArranged: () => void): Arrangement {
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
  const [reading] = useState(() => new ListReading(live));
  useEffect(() => {
    reading.ask(isPartial && isOther ? { q, sort: sortSchema.parse(sorted), limit: FIRST_ROWS } : null);
    return () => {
      reading.ask(null);
    };
  }, [reading, watched, sorted, q, isPartial, isOther]);
  useEffect(() => live.keep(reading.ids), [live, reading]);
  const state = useSyncExternalStore(reading.subscribe, reading.state);
  return {
    ...state,
    again: () => {
      reading.again();
    },
  };
}
