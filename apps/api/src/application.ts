import type { Server } from "node:http";
import { createRelay, type Relay } from "@live-orders/relay/relay";
import type { RelayLimits } from "@live-orders/relay/relay-limits";
import { systemTimers } from "@live-orders/relay/timers";
import type { Logger } from "pino";
import { messageStreams } from "./agent/message-stream.ts";
import type { CallerRules } from "./http/caller-guard.ts";
import { createHttpServer } from "./http/http-server.ts";
import { HistoryRecorder } from "./history-recorder.ts";
import { createHttp } from "./http-application.ts";
import { listen, urlOf } from "./listening.ts";
import { Metrics } from "./metrics.ts";
import type { OpenStore } from "./open-store.ts";
import { ReadinessCheck } from "./readiness.ts";
import { attachSocketIo, SOCKET_IO_PATH } from "./transports/socket-io.ts";
import { FeedWatch } from "./transports/feed-watch.ts";
import { StreamRooms } from "./transports/event-stream.ts";

export interface ApplicationParts {
  readonly store: OpenStore;
  readonly log: Logger;
  readonly callers: CallerRules;
  /** Where questions are answered. */
  readonly agentUrl: string;
  /** What the page's build made. */
  readonly pageFolder: string;
  /** The examples for a browser. */
  readonly examplesFolder: string;
  readonly relayLimits?: Partial<RelayLimits>;
}

export interface Application {
  /**
   * @param port 0: any free one
   * @returns the server's URL
   * @throws StartupError if the address can't be had
   */
  listen(port: number): Promise<string>;
  /** Not ready, no new connections, readers told, requests under way finished; at most `STOP_LIMIT_MS`. The store stays open. */
  stop(): Promise<void>;
}

/** For requests under way; whoever is not done by then is cut off. */
const STOP_LIMIT_MS = 5_000;

/** Joins the parts: store → relay → transports, and HTTP around them. */
export function createApplication(parts: ApplicationParts): Application {
  const { store, log, callers } = parts;
  const metrics = new Metrics();
  const relay = createRelay({
    source: store.source,
    histories: store.histories,
    now: () => store.orders.now(),
    timers: systemTimers,
    observer: metrics.observer(log),
    ...(parts.relayLimits === undefined ? {} : { limits: parts.relayLimits }),
  });
  const recorder = recorderOf(parts, relay, metrics);
  const readiness = new ReadinessCheck(store.orders, relay);
  const streams = new StreamRooms();
  const feed = new FeedWatch(relay, systemTimers);
  const messages = messageStreams(store.messages, log);
  const http = createHttp({
    ...parts,
    ...seamsOf(store),
    metrics,
    relay,
    readiness,
    streams,
    feed,
    messageStreams: messages,
  });
  const server = createHttpServer(http, SOCKET_IO_PATH);
  const leftOut = (): number => store.leftOut();
  const io = attachSocketIo(
    server,
    { orders: store.orders, relay, timers: systemTimers, log, feed, leftOut },
    callers,
  );
  metrics.watch({
    sockets: () => [...streams.readers(), ...io.readers()],
    feed: () => feedGauges(relay),
    historyWindow: () => store.historyWindow(),
    leftOut,
    ...(recorder === null ? {} : { history: () => recorder.status() }),
  });
  return {
    listen: async (port) => {
      await listen(server, port, callers.host);
      relay.start();
      feed.start();
      recorder?.start();
      return urlOf(server);
    },
    stop: async () => {
      readiness.stop();
      messages.stop();
      feed.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all([recorder?.stop(), relay.stop()]);
      io.end();
      await allAnswered(server, closed);
    },
  };
}

/** Connections end when their requests have been answered, or the limit is reached. */
async function allAnswered(server: Server, closed: Promise<unknown>): Promise<void> {
  // A connection is idle when its request has been answered.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), STOP_LIMIT_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}

const seamsOf = ({ orders, orderHistory: history, orderActivity: activity, messages }: OpenStore) => ({
  orders,
  history,
  activity,
  messages,
});

function recorderOf(
  { store, log }: ApplicationParts,
  relay: Relay,
  metrics: Metrics,
): HistoryRecorder | null {
  const { archive } = store;
  return archive && new HistoryRecorder({ archive, relay, log, observer: metrics.recorder() });
}

function feedGauges(relay: Relay) {
  const { log, backlogBytes, behind, waitingReads } = relay.stats();
  return { logChanges: log.changes, logBytes: log.bytes, backlogBytes, behind, waitingReads };
}
