import type { Clock } from "@live-orders/client/clock";
import { fallbackTransport } from "@live-orders/client/fallback-transport";
import type { FeedTransport } from "@live-orders/client/feed-transport";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { longPollTransport, pollTransport } from "@live-orders/client/polling-transport";
import { sseTransport } from "@live-orders/client/sse-transport";
import type { SimulationCounters } from "./counters.ts";
import type { Network } from "./network.ts";

/** The ways of the feed; all but the socket are the client's own code over the simulated network. */
export const WAYS = ["socket", "sse", "long-poll", "poll", "fallback"] as const;
export type Way = (typeof WAYS)[number];

interface WayParts {
  readonly network: Network;
  readonly api: OrdersApi;
  readonly clock: Clock;
  readonly counters: SimulationCounters;
}

export function transportOf(way: Way, parts: WayParts): FeedTransport {
  const { network, api, clock, counters } = parts;
  switch (way) {
    case "socket":
      return network.transport();
    case "sse":
      return sseTransport({ api, clock, baseUrl: "http://node", fetch: network.fetch });
    case "long-poll":
      return longPollTransport({ api, clock, wait: 8 });
    case "poll":
      return pollTransport({ api, clock, interval: 300 });
    case "fallback": {
      const ways = (["socket", "sse", "long-poll"] as const).map((one) => transportOf(one, parts));
      const onUse = (name: string) => counters.count(`fallback uses ${name}`);
      return fallbackTransport(ways, { clock, onUse });
    }
  }
}
