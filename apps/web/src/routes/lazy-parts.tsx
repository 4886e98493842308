import { lazy } from "react";

const loadPanel = () => import("./order-panel.tsx");
const loadMenu = () => import("../status/status-menu.tsx");
const loadBulkReport = () => import("../orders-table/bulk-report-dialog.tsx");
const loadHelp = () => import("../ui/shortcuts-dialog.tsx");

/** What is not needed for the first paint. */
export const OrderPanel = lazy(async () => ({ default: (await loadPanel()).OrderPanel }));
export const StatusMenu = lazy(async () => ({ default: (await loadMenu()).StatusMenu }));
export const ShortcutsDialog = lazy(async () => ({ default: (await loadHelp()).ShortcutsDialog }));
export const BulkReportDialog = lazy(async () => ({ default: (await loadBulkReport()).BulkReportDialog }));

/** How long after the start, in milliseconds. */
const WARM_UP = 1000;

/** Has the rest at hand before a person asks for it. One that does not come now is asked for again when it is needed. */
export function warmUp(): void {
  setTimeout(() => {
    void Promise.allSettled([loadMenu(), loadPanel(), loadHelp()]);
  }, WARM_UP);
}
