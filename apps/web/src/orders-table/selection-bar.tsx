import { STATUSES, type Status } from "@live-orders/protocol/status";
import { Trash2, X } from "lucide-react";
import type { BulkProgress } from "../live/bulk-actions.ts";
import { STATUS_LOOK } from "../status/status-look.ts";
import { grouped } from "../ui/grouped-number.ts";
import classes from "./selection-bar.module.css";

interface SelectionBarProps {
  readonly count: number;
  /** Null when no bulk write is under way. */
  readonly progress: BulkProgress | null;
  readonly onMove: (status: Status) => void;
  readonly onRemove: () => void;
  readonly onClear: () => void;
}

export function SelectionBar({ count, progress, onMove, onRemove, onClear }: SelectionBarProps) {
  const busy = progress !== null;
  return (
    <div className={classes.bar} data-holds role="toolbar" aria-label="Selected orders" aria-busy={busy}>
      <span className={classes.count} role="status">
        {busy ? `${grouped(progress.done)} of ${grouped(progress.total)}` : `${grouped(count)} selected`}
      </span>
      {busy && (
        <progress
          className={classes.progress}
          value={progress.done}
          max={progress.total}
          aria-label="Written"
        />
      )}
      <span className={classes.divider} aria-hidden />
      <span className={classes.word}>Move to</span>
      {STATUSES.map((status) => {
        const { label, icon: Icon } = STATUS_LOOK[status];
        return (
          <button
            key={status}
            type="button"
            className={classes.button}
            data-status={status}
            disabled={busy || count === 0}
            aria-label={`Move to ${label}`}
            onClick={() => {
              onMove(status);
            }}
          >
            <Icon size={14} aria-hidden />
            {label}
          </button>
        );
      })}
      <span className={classes.divider} aria-hidden />
      <button type="button" className={classes.button} disabled={busy || count === 0} onClick={onRemove}>
        <Trash2 size={14} aria-hidden />
        Delete
      </button>
      <button type="button" className={classes.close} aria-label="Select nothing" onClick={onClear}>
        <X size={15} aria-hidden />
      </button>
    </div>
  );
}
