import type { LiveOrders, RowId } from "@live-orders/client/live-orders";
import type { BulkReport } from "../live/bulk-report.ts";
import { counted, grouped } from "../ui/grouped-number.ts";
import { Modal } from "../ui/modal.tsx";
import classes from "./bulk-report-dialog.module.css";

/** More are counted, not listed. */
const MAX_LISTED = 200;

interface BulkReportDialogProps {
  readonly report: BulkReport;
  readonly live: Pick<LiveOrders, "row">;
  readonly onOpen: (id: RowId) => void;
  readonly onClose: () => void;
}

/** Which orders a bulk write did not reach, each with its reason. */
export function BulkReportDialog({ report, live, onOpen, onClose }: BulkReportDialogProps) {
  const failed = [...report.failed];
  return (
    <Modal title={`${counted(failed.length, "order")} not written`} onClose={onClose}>
      <ul className={classes.list} tabIndex={0} aria-label="Orders that were not written">
        {failed.slice(0, MAX_LISTED).map(([id, why]) => (
          <li key={id} className={classes.item}>
            <FailedOrder id={id} customer={live.row(id)?.order.customer_name ?? null} onOpen={onOpen} />
            <span className={classes.why}>{why}</span>
          </li>
        ))}
      </ul>
      {failed.length > MAX_LISTED && (
        <p className={classes.more}>and {grouped(failed.length - MAX_LISTED)} more</p>
      )}
    </Modal>
  );
}

interface FailedOrderProps {
  readonly id: RowId;
  /** Null when it is not in the list any more. */
  readonly customer: string | null;
  readonly onOpen: (id: RowId) => void;
}

function FailedOrder({ id, customer, onOpen }: FailedOrderProps) {
  if (customer === null) return <span className={classes.order}>#{id}</span>;
  return (
    <button
      type="button"
      className={classes.open}
      onClick={() => {
        onOpen(id);
      }}
    >
      #{id} {customer}
    </button>
  );
}
