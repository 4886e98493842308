import type { OrderActivity } from "@live-orders/store/order-activity";
import type { ArchiveReader } from "./archive-reader.ts";

/** @param reader null: no history is kept */
export function mongoOrderActivity(reader: ArchiveReader | null): OrderActivity {
  return {
    changes: (range, newest) => reader?.activity(range, newest) ?? Promise.resolve(null),
    arrivals: (range, most) => reader?.arrivals(range, most) ?? Promise.resolve(null),
    placeBefore: (ms) => reader?.placeBefore(ms) ?? Promise.resolve(null),
  };
}
