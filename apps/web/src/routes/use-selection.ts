import type { RowId } from "@live-orders/client/live-orders";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useParts } from "../live/page-parts.tsx";
import { extendTo, NOTHING, prune, toggle, without, type Selection } from "../orders-table/selection.ts";

interface SelectionOfRows {
  readonly selection: Selection;
  /** A person chose to select: on a phone the cards show their boxes, and a touch ticks. */
  readonly selecting: boolean;
  readonly beginSelecting: () => void;
  /** What is ticked stays so. */
  readonly endSelecting: () => void;
  readonly toggle: (id: RowId, extend: boolean) => void;
  /** Ticks every row of the list, or none when all are. */
  readonly toggleAll: () => void;
  readonly unselect: (ids: ReadonlySet<RowId>) => void;
  readonly clear: () => void;
  /** Keeps those that the list holds, after it was arranged anew. */
  readonly keepListed: () => void;
}

/** The rows that are ticked. One that leaves the list is not ticked any more. */
export function useSelection(): SelectionOfRows {
  const { live, rows } = useParts();
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [selecting, setSelecting] = useState(false);

  const deeds = useMemo(() => {
    const isThere = (id: RowId | undefined): id is RowId =>
      id !== undefined && id > 0 && live.row(id) !== undefined;
    const between = (from: RowId, to: RowId): RowId[] => {
      const [first = 0, last = -1] = [rows.indexOf(from), rows.indexOf(to)].sort((a, b) => a - b);
      if (first < 0) return [];
      return Array.from({ length: last - first + 1 }, (_, offset) => rows.idAt(first + offset)).filter(
        isThere,
      );
    };
    const listed = () =>
      new Set(Array.from({ length: rows.count() }, (_, index) => rows.idAt(index)).filter(isThere));
    return {
      toggle: (id: RowId, extend: boolean) => {
        setSelection((now) => (extend ? extendTo(now, id, between) : toggle(now, id)));
      },
      toggleAll: () => {
        const all = listed();
        setSelection((now) => (now.ids.size >= all.size ? NOTHING : { ids: all, anchor: null }));
      },
      unselect: (ids: ReadonlySet<RowId>) => {
        setSelection((now) => without(now, ids));
      },
      keepListed: () => {
        setSelection((now) => {
          if (now.ids.size === 0) return now;
          const ids = listed();
          return prune(now, (id) => ids.has(id));
        });
      },
    };
  }, [live, rows]);

  const { unselect, keepListed } = deeds;
  useEffect(
    () =>
      live.subscribe(({ all, changes }) => {
        if (all) keepListed();
        const gone = changes.filter(({ after }) => after === null);
        if (gone.length > 0) unselect(new Set(gone.map(({ id }) => id)));
      }),
    [live, keepListed, unselect],
  );
  const clear = useCallback(() => {
    setSelection(NOTHING);
    setSelecting(false);
  }, []);
  const beginSelecting = useCallback(() => {
    setSelecting(true);
  }, []);
  const endSelecting = useCallback(() => {
    setSelecting(false);
  }, []);
  const isSelecting = selecting || selection.ids.size > 0;
  return { selection, selecting: isSelecting, beginSelecting, endSelecting, ...deeds, clear };
}
