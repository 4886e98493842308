import { createOrdersApi, type OrdersApi } from "@live-orders/client/orders-api";
import { freePort } from "@live-orders/embedded/free-port";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import { type ApiProcess, startApi } from "@live-orders/testkit/api-process";
import { eventually } from "@live-orders/testkit/eventually";
import { seededRandom, type SeededRandom } from "@live-orders/testkit/seeded-random";
import { startTcpProxy, type TcpProxy } from "@live-orders/testkit/tcp-proxy";
import { MongoDatabase, type MongoDatabaseOptions } from "./databases/mongo-database.ts";
import { PostgresDatabase } from "./databases/postgres-database.ts";
import type { DatabaseKind, TestedDatabase } from "./databases/tested-database.ts";
import { inspectedOn } from "./inspector.ts";
import { untilTrue } from "./until.ts";
import { Readers, type ReadersOptions } from "./readers.ts";
import { ANY_NODE, Route } from "./route.ts";
import { WriteLoad, type WriteLoadOptions } from "./write-load.ts";

export interface StageOptions extends MongoDatabaseOptions {
  readonly database: DatabaseKind;
  /** API nodes. Default 1. */
  readonly nodes?: number;
  /** More variables for each node. */
  readonly env?: Readonly<Record<string, string>> | ((node: number) => Readonly<Record<string, string>>);
  /** Orders that stand at the start. Default 200. */
  readonly orders?: number;
}

export interface ApiNode {
  readonly api: ApiProcess;
  /** Between the clients and the node. */
  readonly proxy: TcpProxy;
  /** Through the proxy. */
  readonly url: string;
  /** The same over restarts. */
  readonly inspectorPort: number;
}

const SEED = 4;
/** How long one try of a write may take. In milliseconds. */
const WRITE_TIMEOUT = 8_000;
const MAX_SETTLE_MS = 90_000;
/** More than a load makes. */
const MARKS_OF_A_LOAD = 100_000;

/** Real processes: a database, API nodes on it, each behind a proxy, and the clients and writers of a trial. */
export class Stage {
  readonly database: TestedDatabase;
  readonly nodes: readonly ApiNode[];
  readonly random: SeededRandom = seededRandom(SEED);
  /** The table when the log began. */
  readonly before: ReadonlyMap<number, Order>;
  /** Whether a durable history is kept. */
  readonly hasHistory: boolean;
  readonly #readers: Readers[] = [];
  readonly #detours: TcpProxy[] = [];
  #loads = 0;

  private constructor(
    database: TestedDatabase,
    nodes: readonly ApiNode[],
    before: ReadonlyMap<number, Order>,
    hasHistory: boolean,
  ) {
    this.database = database;
    this.nodes = nodes;
    this.before = before;
    this.hasHistory = hasHistory;
  }

  static async open(options: StageOptions): Promise<Stage> {
    const database = await startDatabase(options);
    const nodes: ApiNode[] = [];
    try {
      for (let index = 0; index < (options.nodes ?? 1); index += 1)
        nodes.push(await startNode(database.url, envOf(options, index)));
      await database.direct.insert(ordersAtStart(options.orders ?? 200));
      await database.beginLog();
      const hasHistory = envOf(options, 0)["HISTORY_DAYS"] !== "0";
      return new Stage(database, nodes, await database.orders(), hasHistory);
    } catch (error) {
      await disposeOf(database, nodes);
      throw error;
    }
  }

  get mongo(): MongoDatabase {
    if (!(this.database instanceof MongoDatabase)) throw new Error("This trial is not on MongoDB");
    return this.database;
  }

  get postgres(): PostgresDatabase {
    if (!(this.database instanceof PostgresDatabase)) throw new Error("This trial is not on PostgreSQL");
    return this.database;
  }

  get urls(): readonly string[] {
    return this.nodes.map(({ url }) => url);
  }

  node(index: number): ApiNode {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`There is no node ${index}`);
    return node;
  }

  /** Another way to a node, for those whose connection is to be spoiled and no other's. */
  async detour({ api }: ApiNode): Promise<{ readonly proxy: TcpProxy; readonly urls: readonly string[] }> {
    const proxy = await startTcpProxy({ port: portOf(api) });
    this.#detours.push(proxy);
    return { proxy, urls: [urlOf(proxy)] };
  }

  /** A client of HTTP that goes over to the next node when its own is lost. */
  api(first = 0): OrdersApi {
    const route = new Route(this.urls, first);
    return createOrdersApi({ baseUrl: ANY_NODE, fetch: route.fetch, timeout: WRITE_TIMEOUT });
  }

  async readers(options: Omit<ReadersOptions, "urls"> & Partial<ReadersOptions>): Promise<Readers> {
    const readers = await Readers.open({ urls: this.urls, ...options });
    this.#readers.push(readers);
    return readers;
  }

  load(options: Partial<WriteLoadOptions> & Pick<WriteLoadOptions, "rate">): WriteLoad {
    this.#loads += 1;
    return WriteLoad.start({
      marksFrom: this.#loads * MARKS_OF_A_LOAD,
      apis: this.nodes.map((_, index) => this.api(index)),
      direct: this.database.direct,
      random: this.random.fork(),
      ids: [...this.before.keys()],
      ...options,
    });
  }

  /**
   * Waits until every reader is live and equals a query of the table.
   * @returns the milliseconds that it took, and the rows that differed at the bound, if it was reached
   */
  async settle(readers: Readers, withinMs = MAX_SETTLE_MS): Promise<{ ms: number; differences: number }> {
    const beganMs = performance.now();
    let differences = Number.NaN;
    const isEqual = async (): Promise<boolean> => {
      differences = readers.differences(await this.database.orders());
      return differences === 0 && readers.all.every(({ isWhole }) => isWhole);
    };
    // At the bound what differs is what is told.
    await eventually(isEqual, { within: withinMs, every: 50 }).catch(() => undefined);
    return { ms: performance.now() - beganMs, differences };
  }

  /**
   * Waits until every reader is live and has everything that had been committed by now, as soon as a node can say what
   * that is.
   * @returns the milliseconds that it took, infinite if that was not within the bound
   */
  async catchUp(readers: Readers, withinMs = MAX_SETTLE_MS): Promise<number> {
    const beganMs = performance.now();
    const now = await eventually(() => this.#position(), { within: withinMs, every: 100 }).catch(() => null);
    if (now === null) return Number.POSITIVE_INFINITY;
    const has = () =>
      readers.all.every(({ live, state }) => state === "live" && (live.position() ?? "") >= now);
    const held = await untilTrue(has, withinMs);
    return held === Number.POSITIVE_INFINITY ? held : performance.now() - beganMs;
  }

  async #position(): Promise<string> {
    const page = await this.api().list({ limit: 1 });
    if (!page.ok) throw new Error(JSON.stringify(page.error));
    return page.value.position;
  }

  async dispose(): Promise<void> {
    for (const readers of this.#readers) readers.stop();
    for (const proxy of this.#detours) await proxy.close();
    await disposeOf(this.database, this.nodes);
  }
}

const startDatabase = ({ database, ...options }: StageOptions): Promise<TestedDatabase> =>
  database === "mongodb" ? MongoDatabase.start(options) : PostgresDatabase.start();

const envOf = ({ env = {} }: StageOptions, index: number): Readonly<Record<string, string>> =>
  typeof env === "function" ? env(index) : env;

async function startNode(
  databaseUrl: string,
  { NODE_OPTIONS = "", ...env }: Readonly<Record<string, string>>,
): Promise<ApiNode> {
  const inspectorPort = await freePort();
  const api = await startApi({
    DATABASE_URL: databaseUrl,
    NODE_OPTIONS: `${inspectedOn(inspectorPort)} ${NODE_OPTIONS}`.trim(),
    ...env,
  });
  const proxy = await startTcpProxy({ port: portOf(api) });
  return { api, proxy, url: urlOf(proxy), inspectorPort };
}

const portOf = ({ url }: ApiProcess): number => Number(new URL(url).port);
const urlOf = ({ port }: TcpProxy): string => `http://127.0.0.1:${port}`;

const ordersAtStart = (count: number): Order[] =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    customer_name: "Ada",
    product_name: `from the start ${index + 1}`,
    status: STATUSES[index % STATUSES.length] ?? "pending",
    updated_at: new Date().toISOString(),
  }));

async function disposeOf(database: TestedDatabase, nodes: readonly ApiNode[]): Promise<void> {
  await Promise.all(
    nodes.map(async ({ api, proxy }) => {
      await api.dispose();
      await proxy.close();
    }),
  );
  await database.dispose();
}
