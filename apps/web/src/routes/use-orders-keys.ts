import type { RowId } from "@live-orders/client/live-orders";
import type { OrderActions } from "../live/order-actions.ts";
import { sendKeyToGrid } from "../orders-table/grid-element.ts";
import type { ActiveCell } from "../orders-table/orders-table.tsx";
import { useShortcuts } from "../ui/use-shortcuts.ts";
import { focusSearch } from "./orders-toolbar.tsx";
import { useSingleKeys } from "./single-keys-context.ts";
import type { PageRowHandlers } from "./use-row-handlers.ts";

interface KeyDeeds {
  readonly active: ActiveCell | null;
  readonly handlers: PageRowHandlers;
  readonly actions: OrderActions;
  readonly openOrder: (order: RowId | "new") => void;
  /** Ticks no row. */
  readonly clear: () => void;
}

/** The single letters of the orders page. */
export function useOrdersKeys({ active, handlers, actions, openOrder, clear }: KeyDeeds): void {
  const onRow = (deed: (id: RowId) => void) => () => {
    if (active !== null) deed(active.id);
  };
  useShortcuts(
    {
      n: () => {
        openOrder("new");
      },
      "/": focusSearch,
      j: () => {
        sendKeyToGrid("j");
      },
      k: () => {
        sendKeyToGrid("k");
      },
      e: onRow(handlers.open),
      s: onRow(handlers.openMenuOf),
      x: onRow((id) => {
        handlers.toggle(id, false);
      }),
      z: actions.undo,
      Escape: clear,
    },
    useSingleKeys(),
  );
}
