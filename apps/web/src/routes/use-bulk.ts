import type { RowId } from "@live-orders/client/live-orders";
import type { NewOrder } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { useState } from "react";
import { createBulkActions, type BulkProgress } from "../live/bulk-actions.ts";
import type { BulkReport } from "../live/bulk-report.ts";
import { useParts } from "../live/page-parts.tsx";
import { makeOrders } from "../live/make-orders.ts";
import type { Selection } from "../orders-table/selection.ts";

interface Bulk {
  readonly count: number;
  /** Null when no bulk write is under way. */
  readonly progress: BulkProgress | null;
  readonly onMove: (status: Status) => void;
  readonly onRemove: () => void;
  readonly make: (orders: readonly NewOrder[]) => Promise<BulkReport>;
  /** What a person asked to see of a bulk write that failed for some rows. */
  readonly report: BulkReport | null;
  readonly endReport: () => void;
}

interface Given {
  readonly selection: Selection;
  readonly unselect: (ids: ReadonlySet<RowId>) => void;
  readonly endSelecting: () => void;
}

/** Writes to all rows that are selected. Those that were not written stay selected. */
export function useBulk({ selection, unselect, endSelecting }: Given): Bulk {
  const { live, rows, toasts, undos } = useParts();
  const [report, setReport] = useState<BulkReport | null>(null);
  const [bulk] = useState(() => createBulkActions({ live, rows, toasts, undos, show: setReport }));
  const [progress, setProgress] = useState<BulkProgress | null>(null);
  const ids: RowId[] = [...selection.ids];

  const settle = (write: Promise<BulkReport>) => {
    void write.then(({ failed }) => {
      setProgress(null);
      unselect(new Set(ids.filter((id) => !failed.has(id))));
      if (failed.size === 0) endSelecting();
    });
  };
  return {
    count: ids.length,
    progress,
    make: (orders) => makeOrders(orders, { live, toasts, undos, show: setReport }),
    report,
    endReport: () => {
      setReport(null);
    },
    onMove: (status) => {
      settle(bulk.move(ids, status, setProgress));
    },
    onRemove: () => {
      settle(bulk.remove(ids, setProgress));
    },
  };
}
