import type { RowId } from "@live-orders/client/live-orders";
import { useCallback, useMemo, useState } from "react";
import type { OrderActions } from "../live/order-actions.ts";
import { useParts } from "../live/page-parts.tsx";
import type { TextColumn } from "../orders-table/grid-columns.ts";
import { focusGrid } from "../orders-table/grid-element.ts";
import { cellId } from "../orders-table/order-row.tsx";
import type { ActiveCell } from "../orders-table/orders-table.tsx";
import type { RowHandlers } from "../orders-table/row-handlers.ts";
import { extendTo, NOTHING, prune, toggle, type Selection } from "../orders-table/selection.ts";
import { isPhone } from "../ui/is-phone.ts";
import type { Anchor } from "../status/menu-anchor.ts";

interface Given {
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
  readonly selection: Selection;
  /** Null: nothing. */
  readonly select: (selection: Selection | null) => void;
  readonly unselect: (ids: ReadonlySet<RowId>) => void;
}

/** What is open in the rows: a menu, a cell, a selection. */
export function useRowHandlers({ actions, openOrder, setActive }: Given): RowInteractions {
  const { live, rows } = useParts();
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [editing, setEditing] = useState<RowInteractions["editing"]>(null);
  const [selection, setSelection] = useState<Selection>(NOTHING);

  const closeMenu = useCallback(() => {
    setMenu(null);
    focusGrid();
  }, []);
  const select = useCallback((next: Selection | null) => {
    setSelection(next ?? NOTHING);
  }, []);
  const unselect = useCallback((ids: ReadonlySet<RowId>) => {
    setSelection((now) => prune(now, (id) => !ids.has(id)));
  }, []);

  const handlers = useMemo(() => {
    const openMenu = (id: RowId, button: HTMLElement) => {
      const { left, top, width, height } = button.getBoundingClientRect();
      setMenu({ id, anchor: { left, top, width, height } });
    };
    const between = (from: RowId, to: RowId): RowId[] => {
      const [first = 0, last = -1] = [rows.indexOf(from), rows.indexOf(to)].sort((a, b) => a - b);
      if (first < 0) return [];
      const ids = Array.from({ length: last - first + 1 }, (_, offset) => rows.idAt(first + offset));
      return ids.filter((id) => id !== undefined).filter((id) => id > 0 && live.row(id) !== undefined);
    };
    return {
      stand: (id, column) => {
        setActive({ id, column, index: rows.indexOf(id) });
      },
      press: (id) => {
        if (isPhone()) openOrder(id);
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
      toggle: (id, extend) => {
        setSelection((now) => (extend ? extendTo(now, id, between) : toggle(now, id)));
      },
      toggleAll: () => {
        const ids = Array.from({ length: rows.count() }, (_, index) => rows.idAt(index));
        const all = new Set(
          ids.filter((id) => id !== undefined).filter((id) => id > 0 && live.row(id) !== undefined),
        );
        setSelection((now) => (now.ids.size >= all.size ? NOTHING : { ids: all, anchor: null }));
      },
      beginCell: (id, column) => {
        setEditing({ id, column });
      },
      saveCell: (id, column, value) => {
        setEditing(null);
        focusGrid();
        actions.edit(id, { [column]: value });
      },
      endCell: () => {
        setEditing(null);
        focusGrid();
      },
      review: (id) => {
        actions.review(id);
      },
    } satisfies RowInteractions["handlers"];
  }, [actions, openOrder, setActive, live, rows]);

  return { handlers, menu, closeMenu, editing, selection, select, unselect };
}
