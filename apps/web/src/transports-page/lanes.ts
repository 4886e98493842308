import type { FeedTransport } from "@live-orders/client/feed-transport";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { longPollTransport, pollTransport } from "@live-orders/client/polling-transport";
import { socketIoTransport } from "@live-orders/client/socket-io-transport";
import { sseTransport } from "@live-orders/client/sse-transport";
import type { Change } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import { FeedLane } from "./feed-lane.ts";
import { LaneLine } from "./lane-line.ts";
import { LaneMeter } from "./lane-meter.ts";
import type { Lane, LaneName } from "./lane.ts";
import { SeenLog, stateOf } from "./seen-log.ts";
import { TableLane } from "./table-lane.ts";

export interface LanesOptions {
  /** Nothing for the page's own origin. */
  readonly baseUrl: string;
  readonly after: Cursor;
  /** The server's clock, in ms. */
  readonly now: () => number;
}

/** The five ways, each over connections of its own, all from the same cursor. */
export function createLanes({ baseUrl, after, now }: LanesOptions): readonly Lane[] {
  /** When each state was committed, for the one who is not told. */
  const committed = new SeenLog();
  const onChanges = (changes: readonly Change[]) => {
    for (const change of changes) committed.note(stateOf(change), Date.parse(change.at));
  };
  const apiFor = (meter: LaneMeter) => createOrdersApi({ baseUrl, fetch: meter.fetch(true) });
  const feedLane = (
    name: Exclude<LaneName, "table">,
    transportFor: (meter: LaneMeter) => FeedTransport,
  ): Lane => {
    const meter = new LaneMeter();
    const transport = transportFor(meter);
    return new FeedLane({ name, transport, line: new LaneLine(), meter, after, now, onChanges });
  };
  const tableMeter = new LaneMeter();
  return [
    feedLane("socket.io", (meter) => countedSockets(baseUrl, meter)),
    feedLane("sse", (meter) => {
      const api = createOrdersApi({ baseUrl });
      return sseTransport({ baseUrl, api, fetch: meter.fetch(false) });
    }),
    feedLane("long-poll", (meter) => longPollTransport({ api: apiFor(meter) })),
    feedLane("poll", (meter) => pollTransport({ api: apiFor(meter) })),
    new TableLane({
      api: apiFor(tableMeter),
      meter: tableMeter,
      now,
      committedAt: (state) => committed.at(state),
    }),
  ];
}

function countedSockets(url: string, meter: LaneMeter): FeedTransport {
  const transport = socketIoTransport({
    url,
    onMessage: (text) => {
      meter.received(text);
    },
  });
  return {
    name: transport.name,
    open: (events) => {
      meter.began();
      return transport.open(events);
    },
  };
}
