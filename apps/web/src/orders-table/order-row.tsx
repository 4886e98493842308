import type { LiveRow, RowId } from "@live-orders/client/live-orders";
import type { Order } from "@live-orders/protocol/order";
import { memo, type MouseEvent, type ReactNode } from "react";
import type { Departure } from "../live/departures.ts";
import { failureWord } from "../live/failure-word.ts";
import type { Cell, RowFlash } from "../live/row-flash.ts";
import { StatusBadge, StatusButton } from "../status/status-badge.tsx";
import { RowIcon } from "../ui/row-icon.tsx";
import { CellEditor } from "./cell-editor.tsx";
import { DepartureWord } from "./departure-word.tsx";
import { Glow } from "./glow.tsx";
import { colIndex, type Column, type TextColumn } from "./grid-columns.ts";
import classes from "./order-row.module.css";
import type { RowHandlers } from "./row-handlers.ts";
import { UpdatedTime } from "./updated-time.tsx";

export interface OrderRowProps {
  readonly id: RowId;
  readonly order: Order;
  readonly saving: LiveRow["saving"];
  /** The save waits for the connection. */
  readonly waiting: boolean;
  readonly failure: LiveRow["failure"];
  readonly departure: Departure | null;
  readonly flash: RowFlash | null;
  /** From 0, in the whole list. */
  readonly index: number;
  /** Px from the top of the list. */
  readonly top: number;
  /** The column that the keyboard stands on, if it stands on this row. */
  readonly active: Column | null;
  readonly selected: boolean;
  /** Rows are being selected: on a phone a touch ticks. */
  readonly selecting: boolean;
  readonly editing: TextColumn | null;
  readonly menuOpen: boolean;
  readonly handlers: RowHandlers;
}

export const cellId = (id: RowId, column: Column): string => `cell-${id}-${column}`;

const glows = (flash: RowFlash | null, cell: Cell): boolean =>
  flash !== null && flash.cells !== "row" && flash.cells.includes(cell);

export const OrderRow = memo(function OrderRow(props: OrderRowProps) {
  const { id, order, saving, failure, departure, flash, index, top, selected, selecting, handlers } = props;
  const isGone = departure !== null;
  return (
    <div
      role="row"
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={saving !== null}
      data-order-id={isGone ? undefined : id}
      data-departed-id={isGone ? id : undefined}
      data-status={order.status}
      data-saving={saving ?? undefined}
      data-departed={departure?.to}
      data-failed={failure?.kind}
      data-editing={props.editing ?? undefined}
      data-selecting={selecting || undefined}
      onClick={() => {
        if (!isGone && id > 0) handlers.press(id, selecting);
      }}
      data-active={props.active !== null || undefined}
    >
      {flash?.cells === "row" && <Glow key={flash.at} at={flash.at} />}
      <GridCell {...props} column="select">
        <input
          type="checkbox"
          tabIndex={-1}
          className={classes.check}
          aria-label={`Select order ${id}`}
          checked={selected}
          disabled={isGone || id < 0}
          onChange={() => undefined}
          onClick={(event) => {
            event.stopPropagation();
            handlers.toggle(id, event.shiftKey);
          }}
        />
      </GridCell>
      <GridCell {...props} column="id">
        {id > 0 ? id : "new"}
      </GridCell>
      <NameCell {...props} column="customer_name" />
      <NameCell {...props} column="product_name" />
      <GridCell {...props} column="status">
        {isGone || id < 0 ? (
          <StatusBadge status={order.status} />
        ) : (
          <StatusButton
            status={order.status}
            expanded={props.menuOpen}
            onOpen={(button) => {
              handlers.openMenu(id, button);
            }}
          />
        )}
      </GridCell>
      <GridCell {...props} column="updated_at">
        {departure !== null ? (
          <DepartureWord to={departure.to} />
        ) : failure !== null ? (
          <FailureButton {...props} />
        ) : (
          <UpdatedTime at={order.updated_at} saving={saving} waiting={props.waiting} />
        )}
      </GridCell>
      <GridCell {...props} column="actions">
        {!isGone && id > 0 && <RowButtons id={id} handlers={handlers} />}
      </GridCell>
      {saving !== null && <span className={classes.savingBar} aria-hidden />}
    </div>
  );
}, isSame);

function isSame(a: OrderRowProps, b: OrderRowProps): boolean {
  return (
    a.id === b.id &&
    a.order.customer_name === b.order.customer_name &&
    a.order.product_name === b.order.product_name &&
    a.order.status === b.order.status &&
    a.order.updated_at === b.order.updated_at &&
    a.saving === b.saving &&
    a.waiting === b.waiting &&
    a.failure === b.failure &&
    a.departure?.to === b.departure?.to &&
    a.flash === b.flash &&
    a.index === b.index &&
    a.top === b.top &&
    a.active === b.active &&
    a.selected === b.selected &&
    a.selecting === b.selecting &&
    a.editing === b.editing &&
    a.menuOpen === b.menuOpen
  );
}

interface GridCellProps extends OrderRowProps {
  readonly column: Column;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly onDoubleClick?: (event: MouseEvent) => void;
}

function GridCell({ id, column, active, flash, title, handlers, children, onDoubleClick }: GridCellProps) {
  const cell = column === "id" || column === "select" || column === "actions" ? null : column;
  return (
    <div
      role="gridcell"
      id={cellId(id, column)}
      className={classes.cell}
      aria-colindex={colIndex(column)}
      data-field={column}
      data-current={active === column || undefined}
      title={title}
      onMouseDown={() => {
        handlers.stand(id, column);
      }}
      onDoubleClick={onDoubleClick}
    >
      {cell !== null && glows(flash, cell) && flash !== null && <Glow key={flash.at} at={flash.at} />}
      {children}
    </div>
  );
}

function NameCell(props: OrderRowProps & { readonly column: TextColumn }) {
  const { id, order, column, departure, editing, handlers } = props;
  const value = order[column];
  return (
    <GridCell
      {...props}
      title={value}
      onDoubleClick={() => {
        if (departure === null && id > 0) handlers.beginCell(id, column);
      }}
    >
      <span className={classes.name}>{value}</span>
      {editing === column && (
        <CellEditor
          label={`${column === "customer_name" ? "Customer" : "Product"} of order ${id}`}
          order={order}
          column={column}
          onCancel={() => {
            handlers.endCell();
          }}
          onSave={(next, base) => {
            handlers.saveCell(id, column, next, base);
          }}
        />
      )}
    </GridCell>
  );
}

function FailureButton({ id, failure, handlers }: OrderRowProps) {
  if (failure === null) return null;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.failed}
      title={`Not saved: ${failureWord(failure)}`}
      onClick={(event) => {
        event.stopPropagation();
        handlers.review(id);
      }}
    >
      <RowIcon name="again" size={13} />
      Not saved
    </button>
  );
}

function RowButtons({ id, handlers }: { readonly id: RowId; readonly handlers: RowHandlers }) {
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        className={classes.action}
        aria-label={`Edit order ${id}`}
        title="Edit (E)"
        onClick={(event) => {
          event.stopPropagation();
          handlers.open(id);
        }}
      >
        <RowIcon name="edit" size={15} />
      </button>
      <button
        type="button"
        tabIndex={-1}
        className={classes.action}
        aria-label={`Delete order ${id}`}
        title="Delete"
        onClick={(event) => {
          event.stopPropagation();
          handlers.remove(id);
        }}
      >
        <RowIcon name="remove" size={15} />
      </button>
    </>
  );
}
