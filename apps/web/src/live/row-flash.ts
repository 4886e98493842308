import type { RowChange, RowId } from "@live-orders/client/live-orders";
import type { Order } from "@live-orders/protocol/order";

/** A cell glows for this long, in milliseconds; `--glow` in tokens.css is the same. */
const GLOW = 1500;
const MAX_GLOWING = 500;

export type Cell = Exclude<keyof Order, "id">;

/** What of a row glows, since when (ms since 1970). A row that is new glows as a whole. */
export interface RowFlash {
  readonly at: number;
  readonly cells: readonly Cell[] | "row";
}

const CELLS = ["customer_name", "product_name", "status"] as const;

/** The cells that differ; the date alone counts only when nothing else does. */
function changedCells(before: Order, after: Order): Cell[] {
  const cells: Cell[] = CELLS.filter((cell) => before[cell] !== after[cell]);
  return cells.length === 0 && before.updated_at !== after.updated_at ? ["updated_at"] : cells;
}

/** Which rows glow now because others changed them. Holds 500 at most, and forgets the oldest. */
export interface RowFlashes {
  note(change: RowChange, now: number): void;
  of(id: RowId, now: number): RowFlash | null;
  clear(): void;
}

export function createRowFlashes(): RowFlashes {
  const flashes = new Map<RowId, RowFlash>();
  return {
    note({ id, before, after, by }, now) {
      if (by !== "others" || after === null) return;
      const cells = before === null ? "row" : changedCells(before, after);
      if (cells.length === 0) return;
      flashes.delete(id);
      flashes.set(id, { at: now, cells });
      const [oldest] = flashes.keys();
      if (flashes.size > MAX_GLOWING && oldest !== undefined) flashes.delete(oldest);
    },
    of(id, now) {
      const flash = flashes.get(id);
      return flash !== undefined && now - flash.at < GLOW ? flash : null;
    },
    clear: () => {
      flashes.clear();
    },
  };
}
