import { COLUMNS, type Column } from "./grid-columns.ts";

/** The cell that the keyboard stands on. */
export interface GridPlace {
  readonly index: number;
  readonly column: Column;
}

export interface GridSize {
  readonly rows: number;
  /** How many rows a page of the window holds. */
  readonly page: number;
}

const rowAfter = (key: string, index: number, { rows, page }: GridSize, toEdge: boolean): number | null => {
  switch (key) {
    case "ArrowDown":
    case "j":
      return index + 1;
    case "ArrowUp":
    case "k":
      return index - 1;
    case "PageDown":
      return index + page;
    case "PageUp":
      return index - page;
    case "Home":
      return toEdge ? 0 : null;
    case "End":
      return toEdge ? rows - 1 : null;
    default:
      return null;
  }
};

const columnAfter = (key: string, column: Column): Column | null => {
  const at = COLUMNS.indexOf(column);
  switch (key) {
    case "ArrowRight":
      return COLUMNS[Math.min(COLUMNS.length - 1, at + 1)] ?? null;
    case "ArrowLeft":
      return COLUMNS[Math.max(0, at - 1)] ?? null;
    case "Home":
      return COLUMNS[0];
    case "End":
      return COLUMNS.at(-1) ?? null;
    default:
      return null;
  }
};

/**
 * Where a key leads in the grid, by the ARIA practices' keys for one, and `j` and `k`; null when the key is none of
 * them. From nowhere every key leads to the first row. `toEdge`: Ctrl or Cmd is down.
 */
export function placeAfter(
  key: string,
  place: GridPlace | null,
  size: GridSize,
  toEdge: boolean,
): GridPlace | null {
  if (size.rows === 0) return null;
  const from = place ?? { index: -1, column: "customer_name" as const };
  const row = rowAfter(key, from.index, size, toEdge);
  if (row !== null) {
    const index = place === null && !toEdge ? 0 : Math.min(size.rows - 1, Math.max(0, row));
    return { index, column: from.column };
  }
  const column = columnAfter(key, from.column);
  return column === null ? null : { index: Math.max(0, from.index), column };
}
