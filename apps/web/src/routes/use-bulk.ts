import type { RowId } from "@live-orders/client/live-orders";
import type { Status } from "@live-orders/protocol/status";
import { useState } from "react";
import { createBulkActions, type BulkReport } from "../live/bulk-actions.ts";
import { useParts } from "../live/page-parts.tsx";
import { NOTHING, type Selection } from "../orders-table/selection.ts";

interface Bulk {
  readonly count: number;
  /** Null when no bulk write is under way. */
  readonly done: number | null;
  readonly onMove: (status: Status) => void;
  readonly onRemove: () => void;
  readonly onClear: () => void;
}

/** Writes to all rows that are selected. Those that were not written stay selected. */
export function useBulk(selection: Selection, select: (selection: Selection | null) => void): Bulk {
  const { live, rows, toasts, undos } = useParts();
  const [bulk] = useState(() => createBulkActions({ live, rows, toasts, undos }));
  const [done, setDone] = useState<number | null>(null);
  const ids: RowId[] = [...selection.ids];

  const run = (write: Promise<BulkReport>) => {
    setDone(0);
    void write.then(({ failed }) => {
      setDone(null);
      select(failed.size === 0 ? null : { ...NOTHING, ids: new Set(failed.keys()) });
    });
  };
  return {
    count: ids.length,
    done,
    onMove: (status) => {
      run(bulk.move(ids, status, setDone));
    },
    onRemove: () => {
      run(bulk.remove(ids, setDone));
    },
    onClear: () => {
      select(null);
    },
  };
}
