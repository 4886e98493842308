import type { LiveOrders, RowId } from "@live-orders/client/live-orders";
import type { Sort, SortField } from "@live-orders/protocol/order-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import type { TableRows } from "../live/table-rows.ts";
import { useTableVersion } from "../live/use-table-rows.ts";
import { usePointerLeave } from "../ui/use-pointer-leave.ts";
import { GRID_ID } from "./grid-element.ts";
import { isTextColumn, type Column, type TextColumn } from "./grid-columns.ts";
import { placeAfter } from "./grid-keys.ts";
import { cellId, OrderRow } from "./order-row.tsx";
import classes from "./orders-table.module.css";
import type { RowHandlers } from "./row-handlers.ts";
import type { RowMetrics } from "./row-scroll.ts";
import { SkeletonRow } from "./skeleton-row.tsx";
import { TableHead } from "./table-head.tsx";
import { useTouchHold } from "./use-touch-hold.ts";

/** Where the keyboard stands: on an order, wherever that order goes. */
export interface ActiveCell {
  readonly id: RowId;
  readonly column: Column;
  /** Where the order stood then: from there the keyboard goes on when the order is gone. */
  readonly index: number;
}

export interface OrdersTableProps {
  readonly live: LiveOrders;
  readonly rows: TableRows;
  /** How many rows the list has when all of it is read; those that are not yet are drawn as bones. */
  readonly expected: number;
  readonly metrics: RowMetrics;
  readonly sort: Sort;
  readonly active: ActiveCell | null;
  readonly selected: ReadonlySet<RowId>;
  readonly selecting: boolean;
  /** Single letters work as keys. */
  readonly letters: boolean;
  readonly editing: { readonly id: RowId; readonly column: TextColumn } | null;
  readonly menuOn: RowId | null;
  readonly handlers: RowHandlers;
  readonly children?: ReactNode;
  readonly onSort: (field: SortField) => void;
  readonly onActive: (active: ActiveCell) => void;
  readonly onScrolled: (scrolled: boolean) => void;
  readonly onHover: (hovered: boolean) => void;
}

/** A grid of as many rows as there are, of which only those in sight are laid out. */
export function OrdersTable(props: OrdersTableProps) {
  const { live, rows, expected, metrics, active, selected, editing, menuOn, handlers } = props;
  const scroller = useRef<HTMLDivElement>(null);
  useTableVersion(rows);
  const count = Math.max(rows.count(), expected);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => metrics.rowHeight,
    scrollPaddingStart: metrics.headHeight,
    paddingEnd: metrics.endSpace,
    overscan: 10,
  });
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, metrics]);

  const touchHold = useCardHold(handlers);
  const frame = usePointerLeave<HTMLDivElement>(() => {
    props.onHover(false);
  });

  const items = virtualizer.getVirtualItems();
  const isActiveLaidOut = active !== null && items.some(({ index }) => rows.idAt(index) === active.id);

  const step = (event: KeyboardEvent) => {
    const from = active === null ? null : { index: placeOf(rows, active), column: active.column };
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / metrics.rowHeight) - 2);
    const place = placeAfter(event.key, from, { rows: rows.count(), page }, event.ctrlKey || event.metaKey);
    const id = place === null ? undefined : rows.idAt(place.index);
    if (place === null || id === undefined) return false;
    props.onActive({ id, column: place.column, index: place.index });
    virtualizer.scrollToIndex(place.index, { align: "auto" });
    return true;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "a") {
      event.preventDefault();
      handlers.toggleAll();
      return;
    }
    const isLetter = /^[a-z]$/i.test(event.key);
    if (isLetter && (!props.letters || event.ctrlKey || event.metaKey)) return;
    if (event.altKey || !(step(event) || act(event, active, handlers))) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={frame}
      className={classes.frame}
      onPointerOver={({ pointerType, target }) => {
        const isOnRows = target instanceof Element && target.closest("[data-holds]") !== null;
        props.onHover(pointerType === "mouse" && isOnRows);
      }}
    >
      <div
        ref={scroller}
        id={GRID_ID}
        className={classes.scroller}
        role="grid"
        tabIndex={0}
        aria-label="Orders"
        aria-multiselectable
        aria-rowcount={count + 1}
        aria-colcount={7}
        aria-activedescendant={isActiveLaidOut ? cellId(active.id, active.column) : undefined}
        data-snapshot={live.status().snapshot.kind}
        data-held={rows.isHeld() || undefined}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          props.onScrolled(event.currentTarget.scrollTop > metrics.rowHeight / 2);
        }}
      >
        <TableHead
          sort={props.sort}
          selected={selected.size === 0 ? "none" : selected.size >= rows.count() ? "all" : "some"}
          onSort={props.onSort}
          onSelectAll={handlers.toggleAll}
        />
        <div
          role="rowgroup"
          className={classes.body}
          style={{ height: virtualizer.getTotalSize() }}
          data-holds
          {...touchHold}
        >
          {items.map(({ index, start }) => {
            const id = rows.idAt(index);
            const row = id === undefined ? undefined : live.row(id);
            const departure = id === undefined ? null : rows.departure(id);
            const order = departure?.order ?? row?.order;
            if (id === undefined || order === undefined) {
              return <SkeletonRow key={`bone-${index}`} index={index} top={start} />;
            }
            return (
              <OrderRow
                key={id}
                id={id}
                order={order}
                saving={row?.saving ?? null}
                waiting={row?.waiting ?? false}
                failure={row?.failure ?? null}
                departure={departure}
                flash={rows.flash(id)}
                index={index}
                top={start}
                active={active?.id === id ? active.column : null}
                selected={selected.has(id)}
                selecting={props.selecting}
                editing={editing?.id === id ? editing.column : null}
                menuOpen={menuOn === id}
                handlers={handlers}
              />
            );
          })}
        </div>
      </div>
      {props.children}
    </div>
  );
}

/** On a phone a card that is held down is ticked. */
const useCardHold = (handlers: RowHandlers) =>
  useTouchHold((target) => {
    const id = Number(target.closest<HTMLElement>("[data-order-id]")?.dataset["orderId"]);
    if (id > 0) handlers.toggle(id, false);
  });

const placeOf = (rows: TableRows, { id, index }: ActiveCell): number => {
  const place = rows.indexOf(id);
  return place === -1 ? index - 1 : place;
};

/** What a key does in the cell that the keyboard stands on; true if it did. */
function act(event: KeyboardEvent, active: ActiveCell | null, handlers: RowHandlers): boolean {
  if (active === null) return false;
  const { id, column } = active;
  switch (event.key) {
    case "Enter":
      if (column !== "status") handlers.open(id);
      else openMenuByKey(id, handlers);
      return true;
    case "F2":
      if (isTextColumn(column)) handlers.beginCell(id, column);
      else handlers.open(id);
      return true;
    case " ":
      handlers.toggle(id, event.shiftKey);
      return true;
    case "Delete":
      handlers.remove(id);
      return true;
    default:
      return false;
  }
}

function openMenuByKey(id: RowId, handlers: RowHandlers): void {
  const button = document.getElementById(cellId(id, "status"))?.querySelector("button");
  if (button) handlers.openMenu(id, button);
}
