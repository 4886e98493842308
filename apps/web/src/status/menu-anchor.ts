/** Where a menu hangs: the place of the button that opened it, in the window, in px. */
export interface Anchor {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** In px; the styles have the same. */
const MENU_SIZE = { width: 172, height: 142 } as const;
const GAP = 4;
const EDGE = 8;

/** Below the button where there is room, else above it, and inside the window. */
export function menuPlace(
  anchor: Anchor,
  window: { readonly width: number; readonly height: number },
): { left: number; top: number } {
  const below = anchor.top + anchor.height + GAP;
  const fits = below + MENU_SIZE.height <= window.height - EDGE;
  return {
    left: Math.max(EDGE, Math.min(anchor.left, window.width - MENU_SIZE.width - EDGE)),
    top: fits ? below : Math.max(EDGE, anchor.top - GAP - MENU_SIZE.height),
  };
}
