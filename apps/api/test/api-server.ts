import { join } from "node:path";
import type { RelayLimits } from "@live-orders/relay/relay-limits";
import { MemoryDatabase } from "@live-orders/testkit/memory-database";
import { MemoryMessages } from "@live-orders/testkit/memory-messages";
import { MemoryHistory, MemorySource } from "@live-orders/testkit/memory-source";
import { pino } from "pino";
import { createApplication, type Application } from "../src/application.ts";
import type { CallerRules } from "../src/http/caller-guard.ts";
import { loadStore, type OpenStore } from "../src/open-store.ts";

/** A server of this process on a free port. */
export interface ApiServer {
  readonly url: string;
  readonly application: Application;
  dispose(): Promise<void>;
}

export interface ApiServerOptions {
  readonly callers?: Partial<CallerRules>;
  readonly relayLimits?: Partial<RelayLimits>;
  readonly pageFolder?: string;
  /** Default: where nobody listens. */
  readonly agentUrl?: string;
  /** Default 30, as the server's. */
  readonly historyDays?: number;
}

const LOOPBACK: CallerRules = { host: "127.0.0.1", allowedOrigins: [], allowedHosts: [] };

export interface MemoryServer extends ApiServer {
  readonly database: MemoryDatabase;
  readonly messages: MemoryMessages;
  /** The database's stream falls silent, without an end; or goes on. */
  silence(isSilent: boolean): void;
}

/** On a database in memory, whose changes flow at once. */
export async function startOnMemory(options: ApiServerOptions = {}): Promise<MemoryServer> {
  const database = new MemoryDatabase(() => Date.now());
  const source = new MemorySource(database);
  let isSilent = false;
  const advance = (): void => {
    if (!isSilent) source.advance();
  };
  const stopAdvancing = database.subscribe(advance);
  // A stream shows signs of life on its own.
  const life = setInterval(advance, 20);
  const messages = new MemoryMessages();
  const store: OpenStore = {
    orders: database.store(),
    source,
    histories: [new MemoryHistory(database)],
    orderHistory: database.orderHistory(),
    orderActivity: database.orderActivity(),
    messages,
    archive: null,
    historyWindow: () => Promise.resolve(null),
    leftOut: () => 0,
    close: () => {
      clearInterval(life);
      stopAdvancing();
      return Promise.resolve();
    },
  };
  const silence = (on: boolean): void => {
    isSilent = on;
  };
  return { ...(await start(store, options)), database, messages, silence };
}

/** On a replica set that the test runs. */
export const startOnMongo = (url: string, options: ApiServerOptions = {}): Promise<ApiServer> =>
  startOn("mongodb", url, options);

/** On a database that the test runs. */
export async function startOn(
  kind: "mongodb" | "postgres",
  url: string,
  options: ApiServerOptions = {},
): Promise<ApiServer> {
  const { historyDays = 30 } = options;
  const openStore = await loadStore(kind);
  const store = await openStore({ url, log: pino({ level: "silent" }), historyDays });
  return start(store, options);
}

async function start(store: OpenStore, options: ApiServerOptions): Promise<ApiServer> {
  const application = createApplication({
    store,
    log: pino({ level: process.env["TEST_LOG_LEVEL"] ?? "silent" }),
    callers: { ...LOOPBACK, ...options.callers },
    agentUrl: options.agentUrl ?? "http://127.0.0.1:9",
    pageFolder: options.pageFolder ?? "/nowhere",
    examplesFolder: join(import.meta.dirname, "../../../examples/browser"),
    ...(options.relayLimits === undefined ? {} : { relayLimits: options.relayLimits }),
  });
  const url = await application.listen(0);
  return {
    url,
    application,
    dispose: async () => {
      await application.stop();
      await store.close();
    },
  };
}
