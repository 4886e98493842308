import type { RowId } from "@live-orders/client/live-orders";
import { useCallback, useMemo, useState } from "react";
import type { OrderActions } from "../live/order-actions.ts";
import { useParts } from "../live/page-parts.tsx";
import type { TextColumn } from "../orders-table/grid-columns.ts";
import { focusGrid } from "../orders-table/grid-element.ts";
import { cellId } from "../orders-table/order-row.tsx";
import type { ActiveCell } from "../orders-table/orders-table.tsx";
import type { RowHandlers } from "../orders-table/row-handlers.ts";
import { isPhone } from "../ui/is-phone.ts";
import type { Anchor } from "../status/menu-anchor.ts";

interface Given extends Pick<RowHandlers, "toggle" | "toggleAll"> {
  readonly actions: OrderActions;
  readonly openOrder: (id: RowId) => void;
  readonly setActive: (active: ActiveCell) => void;
}

interface OpenMenu {
  readonly id: RowId;
  readonly anchor: Anchor;
}

export interface PageRowHandlers extends RowHandlers {
  readonly openMenuOf: (id: RowId) => void;
}

interface RowInteractions {
  readonly handlers: PageRowHandlers;
  readonly menu: OpenMenu | null;
  readonly closeMenu: () => void;
  readonly editing: { readonly id: RowId; readonly column: TextColumn } | null;
}

/** What is open in the rows: a menu, a cell. */
export function useRowHandlers({ actions, openOrder, setActive, toggle, toggleAll }: Given): RowInteractions {
  const { rows } = useParts();
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [editing, setEditing] = useState<RowInteractions["editing"]>(null);

  const closeMenu = useCallback(() => {
    setMenu(null);
    focusGrid();
  }, []);
  const handlers = useMemo(() => {
    const openMenu = (id: RowId, button: HTMLElement) => {
      const { left, top, width, height } = button.getBoundingClientRect();
      setMenu({ id, anchor: { left, top, width, height } });
    };
    return {
      stand: (id, column) => {
        setActive({ id, column, index: rows.indexOf(id) });
      },
      press: (id, selecting) => {
        if (!isPhone()) return;
        if (selecting) toggle(id, false);
        else openOrder(id);
      },
      open: openOrder,
      openMenu,
      openMenuOf(id) {
        const button = document.getElementById(cellId(id, "status"))?.querySelector("button");
        if (button) openMenu(id, button);
      },
      remove: (id) => {
        actions.remove(id);
      },
      toggle,
      toggleAll,
      beginCell: (id, column) => {
        setEditing({ id, column });
      },
      saveCell: (id, column, value, base) => {
        setEditing(null);
        focusGrid();
        actions.edit(id, { [column]: value }, base);
      },
      endCell: () => {
        setEditing(null);
        focusGrid();
      },
      review: (id) => {
        actions.review(id);
      },
    } satisfies RowInteractions["handlers"];
  }, [actions, openOrder, setActive, toggle, toggleAll, rows]);

  return { handlers, menu, closeMenu, editing };
}
