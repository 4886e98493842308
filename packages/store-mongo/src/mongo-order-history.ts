import type { HistoryPage, OrderHistory, OrderHistoryAnswer } from "@live-orders/store/order-history";
import type { ArchiveReader } from "./archive-reader.ts";
import { placeOf } from "./mongo-position.ts";

const NONE: OrderHistoryAnswer = { changes: [], next: null, kept: null };

/** @param reader null: no history is kept */
export function mongoOrderHistory(reader: ArchiveReader | null): OrderHistory {
  return {
    of: async (id, { limit, before }: HistoryPage) => {
      if (before !== null && placeOf(before) === null) return null;
      const found = (await reader?.of(id, { limit: limit + 1, before })) ?? null;
      if (found === null) return NONE;
      const changes = found.changes.slice(0, limit);
      const last = found.changes.length > limit ? changes.at(-1) : undefined;
      return { changes, next: last?.position ?? null, kept: found.kept };
    },
  };
}
