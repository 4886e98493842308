import { useSyncExternalStore } from "react";
import type { TableRows } from "./table-rows.ts";

/** Renders again whenever the table shows something else. */
export function useTableVersion(rows: TableRows): number {
  return useSyncExternalStore(
    (listener) => rows.subscribe(listener),
    () => rows.version(),
  );
}
