import type { RowId } from "@live-orders/client/live-orders";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { CheckCheck, Pencil, SquareCheck, Trash2, X } from "lucide-react";
import type { Command } from "../commands/command.ts";
import { useCommands } from "../commands/command-registry.ts";
import type { OrderActions } from "../live/order-actions.ts";
import { useParts } from "../live/page-parts.tsx";
import { STATUS_LOOK } from "../status/status-look.ts";
import { counted } from "../ui/grouped-number.ts";
import type { PageRowHandlers } from "./use-row-handlers.ts";

interface OrderDeeds {
  /** The order that the person is at: in the panel, or in the table. */
  readonly at: RowId | null;
  readonly handlers: PageRowHandlers;
  readonly actions: OrderActions;
}

/** What can be done with the order that the person is at, and with the list. */
export function useOrdersCommands({ at, handlers, actions }: OrderDeeds): void {
  const { live } = useParts();
  const row = at === null ? undefined : live.row(at);
  const all: Command = {
    id: "select-all",
    group: "Orders",
    title: "Select all that are shown, or none",
    words: "selection every",
    icon: CheckCheck,
    run: handlers.toggleAll,
  };
  useCommands(
    row === undefined ? [all] : [all, ...rowCommands(row.id, row.order.status, { handlers, actions })],
  );
}

function rowCommands(
  id: RowId,
  status: Status,
  { handlers, actions }: Pick<OrderDeeds, "handlers" | "actions">,
): Command[] {
  const name = id > 0 ? `order #${id}` : "the new order";
  const group = "This order";
  const moves = STATUSES.filter((to) => to !== status).map((to): Command => ({
    id: `row-${to}`,
    group,
    title: `Move ${name} to ${STATUS_LOOK[to].label}`,
    words: "status",
    icon: STATUS_LOOK[to].icon,
    run: () => {
      actions.move(id, to);
    },
  }));
  return [
    {
      id: "row-edit",
      group,
      title: `Edit ${name}`,
      words: "open history story",
      keys: ["E"],
      icon: Pencil,
      run: () => {
        handlers.open(id);
      },
    },
    ...moves,
    {
      id: "row-select",
      group,
      title: `Select ${name}, or not`,
      keys: ["X"],
      icon: SquareCheck,
      run: () => {
        handlers.toggle(id, false);
      },
    },
    {
      id: "row-delete",
      group,
      title: `Delete ${name}`,
      words: "remove",
      icon: Trash2,
      run: () => {
        handlers.remove(id);
      },
    },
  ];
}

interface SelectionDeeds {
  readonly count: number;
  readonly busy: boolean;
  readonly onMove: (status: Status) => void;
  readonly onRemove: () => void;
  readonly onClear: () => void;
}

/** What can be done with all orders that are selected. */
export function useSelectionCommands({ count, busy, onMove, onRemove, onClear }: SelectionDeeds): void {
  const selected = counted(count, "selected order");
  const group = "Selection";
  const moves = STATUSES.map((status): Command => ({
    id: `selection-${status}`,
    group,
    title: `Move ${selected} to ${STATUS_LOOK[status].label}`,
    words: "status bulk",
    icon: STATUS_LOOK[status].icon,
    run: () => {
      onMove(status);
    },
  }));
  const all: Command[] = [
    ...moves,
    {
      id: "selection-delete",
      group,
      title: `Delete ${selected}`,
      words: "remove bulk",
      icon: Trash2,
      run: onRemove,
    },
    {
      id: "selection-none",
      group,
      title: "Select nothing",
      words: "clear",
      keys: ["Esc"],
      icon: X,
      run: onClear,
    },
  ];
  useCommands(count === 0 || busy ? NONE : all);
}

const NONE: readonly Command[] = [];
