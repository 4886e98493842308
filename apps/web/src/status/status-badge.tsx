import type { Status } from "@live-orders/protocol/status";
import { RowIcon } from "../ui/row-icon.tsx";
import classes from "./status-badge.module.css";
import { STATUS_LOOK } from "./status-look.ts";

/** The status to read. */
export function StatusBadge({ status }: { readonly status: Status }) {
  const { label } = STATUS_LOOK[status];
  return (
    <span className={classes.badge} data-status={status}>
      <RowIcon name={status} size={14} />
      {label}
    </span>
  );
}

interface StatusButtonProps {
  readonly status: Status;
  readonly expanded: boolean;
  readonly onOpen: (button: HTMLElement) => void;
}

/** The status to change: it opens the menu of statuses. A part of the grid, which is one stop of the Tab key. */
export function StatusButton({ status, expanded, onOpen }: StatusButtonProps) {
  const { label } = STATUS_LOOK[status];
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.badge}
      data-status={status}
      aria-haspopup="menu"
      aria-expanded={expanded}
      onClick={(event) => {
        event.stopPropagation();
        onOpen(event.currentTarget);
      }}
    >
      <RowIcon name={status} size={14} />
      {label}
      <RowIcon name="open" size={13} className={classes.chevron} />
    </button>
  );
}
