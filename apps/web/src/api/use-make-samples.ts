import { describeError } from "@live-orders/client/api-error";
import type { LiveOrders } from "@live-orders/client/live-orders";
import { useMutation } from "@tanstack/react-query";
import { sampleOrders } from "./sample-orders.ts";

const SAMPLES = 200;

/** Makes 200 orders to look around with; they arrive over the feed like any other. */
export function useMakeSamples(live: LiveOrders) {
  return useMutation({
    mutationFn: async () => {
      const orders = sampleOrders(SAMPLES, Math.random);
      const outcomes = await live.bulk(orders.map((order) => ({ op: "create", order })));
      const failed = outcomes.find((outcome) => outcome.kind === "failed");
      if (failed !== undefined) throw new Error(describeError(failed.error));
    },
  });
}
