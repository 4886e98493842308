import type { LiveOrders } from "@live-orders/client/live-orders";
import { lazy } from "react";

const loadPanel = () => import("./order-panel.tsx");
const loadPalette = () => import("../commands/palette.tsx");

/** Not needed for the first paint, and large; what is small comes with the page. */
export const OrderPanel = lazy(async () => ({ default: (await loadPanel()).OrderPanel }));
export const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));

/** How long after the start, in milliseconds. */
const WARM_UP = 1000;

/**
 * Has the rest at hand before a person asks for it. Not while the server is away: a browser remembers that a module
 * could not be had, and does not ask for it again as long as the page stands.
 */
export function warmUp(live: Pick<LiveOrders, "status" | "subscribeStatus">): void {
  const loadIfLive = () => {
    if (live.status().connection.kind !== "live") return;
    leave();
    // If it does not come all the same, the page says so when it is needed.
    void Promise.allSettled([loadPanel(), loadPalette()]);
  };
  let leave: () => void = () => undefined;
  setTimeout(() => {
    leave = live.subscribeStatus(loadIfLive);
    loadIfLive();
  }, WARM_UP);
}
