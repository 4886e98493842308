import { useEffect } from "react";
import type { TableRows } from "../live/table-rows.ts";

/** Holds the list still for as long as there is a reason to. */
export function useHold(rows: TableRows, hold: boolean): void {
  useEffect(() => {
    if (hold) rows.hold();
    else rows.release();
  }, [rows, hold]);
}
