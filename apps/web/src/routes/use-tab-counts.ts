import type { Counts } from "@live-orders/protocol/http-orders";
import { useMemo } from "react";
import { useCounts } from "../api/use-counts.ts";
import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import type { Tab } from "../status/status-tabs.tsx";

export type TabCounts = Readonly<Record<Tab, number>>;

const byTab = ({ pending, shipped, delivered, total }: Counts): TabCounts => ({
  all: total,
  pending,
  shipped,
  delivered,
});

/**
 * How many orders each tab holds: by the feed, or under a search by the server's count. Null: not known yet. The same
 * object until it is counted anew.
 */
export function useTabCounts(q: string): TabCounts | null {
  const { api } = useParts();
  const { counts } = useLiveStatus();
  const asked = useCounts(api, q, q !== "" || counts === null);
  const known = q === "" ? (counts ?? asked.data) : asked.data;
  return useMemo(() => (known === undefined ? null : byTab(known)), [known]);
}
