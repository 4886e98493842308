/** The page has one grid: what is outside of it finds it by its id. */
export const GRID_ID = "orders-grid";

const grid = (): HTMLElement | null => document.getElementById(GRID_ID);

export function focusGrid(): void {
  grid()?.focus({ preventScroll: true });
}

export function scrollGridToTop(): void {
  grid()?.scrollTo({ top: 0 });
}

/** Lets the grid act on a key though it has not the focus. */
export function sendKeyToGrid(key: string): void {
  focusGrid();
  grid()?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}
