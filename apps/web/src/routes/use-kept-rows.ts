import type { RowId } from "@live-orders/client/live-orders";
import { useEffect } from "react";
import { useParts } from "../live/page-parts.tsx";

/** The rows that the person has in hand stay loaded, however many others come. */
export function useKeptRows(selected: ReadonlySet<RowId>, opened: readonly (RowId | null)[]): void {
  const { live } = useParts();
  useEffect(() => live.keep(() => selected), [live, selected]);
  const inHand = opened.filter((id) => id !== null).join(" ");
  useEffect(() => {
    const ids = new Set(inHand === "" ? [] : inHand.split(" ").map(Number));
    return live.keep(() => ids);
  }, [live, inHand]);
}
