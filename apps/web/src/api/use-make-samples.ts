import type { NewOrder } from "@live-orders/protocol/order";
import { useMutation } from "@tanstack/react-query";
import type { BulkReport } from "../live/bulk-report.ts";
import { sampleOrders } from "./sample-orders.ts";

const SAMPLES = 200;

/** Makes 200 orders to look around with; they arrive over the feed like any other, and can be undone. */
export function useMakeSamples(make: (orders: readonly NewOrder[]) => Promise<BulkReport>) {
  return useMutation({
    mutationFn: async () => {
      const { done, failed } = await make(sampleOrders(SAMPLES, Math.random));
      const [why] = failed.values();
      if (done === 0 && why !== undefined) throw new Error(why);
    },
  });
}
