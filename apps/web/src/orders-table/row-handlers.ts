import type { RowId } from "@live-orders/client/live-orders";
import type { Order } from "@live-orders/protocol/order";
import type { Column, TextColumn } from "./grid-columns.ts";

/** What can be done in a row. One object for all rows, always the same, so that a row renders only for its own news. */
export interface RowHandlers {
  readonly stand: (id: RowId, column: Column) => void;
  /** The row itself was pressed, not something in it: a card opens, or is ticked while cards are being selected. */
  readonly press: (id: RowId, selecting: boolean) => void;
  readonly open: (id: RowId) => void;
  readonly openMenu: (id: RowId, button: HTMLElement) => void;
  readonly remove: (id: RowId) => void;
  readonly toggle: (id: RowId, extend: boolean) => void;
  /** Ticks every row of the list, or none when all are. */
  readonly toggleAll: () => void;
  readonly beginCell: (id: RowId, column: TextColumn) => void;
  readonly saveCell: (id: RowId, column: TextColumn, value: string, base: Order) => void;
  readonly endCell: () => void;
  /** Looks again at what was refused. */
  readonly review: (id: RowId) => void;
}
