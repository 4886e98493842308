import { createLiveOrders } from "@live-orders/client/live-orders-session";
import type { LiveOrders } from "@live-orders/client/live-orders";
import { createOrdersApi, type OrdersApi } from "@live-orders/client/orders-api";
import { Feed } from "@live-orders/client/feed";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { decodeCursor } from "@live-orders/store/cursor-parts";
import { FakeTimers } from "@live-orders/testkit/fake-timers";
import { MemoryDatabase } from "@live-orders/testkit/memory-database";
import { type SeededRandom, seededRandom } from "@live-orders/testkit/seeded-random";
import { ApiNode } from "./api-node.ts";
import type { SimulationCounters } from "./counters.ts";
import { Network } from "./network.ts";
import { Oracle, ReadChanges, ShownRows, Violation } from "./oracle.ts";
import { pollChanges } from "./poller.ts";

const EPOCH = Date.parse("2026-01-01T00:00:00.000Z");

/** A live collection of a person, with its cable. */
export interface LiveClient {
  readonly name: string;
  readonly live: LiveOrders;
  readonly api: OrdersApi;
  readonly network: Network;
  readonly shown: ShownRows;
  /** Its clock runs this far from the database's, in ms. */
  clockOffset: number;
  statuses: readonly Status[];
}

/** A reader of the bare feed, over a socket or by polling. */
export interface FeedReader {
  readonly name: string;
  readonly network: Network;
  readonly read: ReadChanges;
  stop(): void;
}

/** All that a seed decides: a database, some nodes, some clients on different transports and rooms. */
export class World {
  readonly timers = new FakeTimers();
  readonly random: SeededRandom;
  readonly counters: SimulationCounters;
  readonly database: MemoryDatabase;
  readonly oracle: Oracle;
  readonly nodes: ApiNode[] = [];
  readonly clients: LiveClient[] = [];
  readonly readers: FeedReader[] = [];
  /** The database's clock is this far off, in ms. */
  databaseClockOffset = 0;

  constructor(seed: number, counters: SimulationCounters) {
    this.random = seededRandom(seed);
    this.counters = counters;
    this.database = new MemoryDatabase(() => EPOCH + this.timers.nowMs() + this.databaseClockOffset);
    this.oracle = new Oracle(this.database);
    const nodes = this.random.int(2, 3);
    for (let index = 0; index < nodes; index += 1) this.nodes.push(this.startNode());
    const clients = this.random.int(2, 6);
    for (let index = 0; index < clients; index += 1) this.#addClient(index);
  }

  startNode(): ApiNode {
    return new ApiNode(this.database, this.timers, this.random.fork(), this.counters);
  }

  get networks(): Network[] {
    return [...this.clients, ...this.readers].map(({ network }) => network);
  }

  statuses(): Status[] {
    const some = STATUSES.filter(() => this.random.chance(0.6));
    return some.length > 0 ? some : [...STATUSES];
  }

  stop(): void {
    for (const { live } of this.clients) live.stop();
    for (const reader of this.readers) reader.stop();
    for (const node of this.nodes) if (node.up) node.crash();
  }

  #network(): Network {
    return new Network({
      nodes: () => this.nodes,
      timers: this.timers,
      random: this.random.fork(),
      counters: this.counters,
    });
  }

  /** The first two are live collections; of the others some read the bare feed by socket, some poll. */
  #addClient(index: number): void {
    const kind = index < 2 ? "live" : this.random.pick(["live", "socket", "poll"] as const);
    const name = `${kind} ${index}`;
    if (kind === "live") this.clients.push(this.#startLive(name));
    else if (kind === "socket") this.readers.push(this.#startSocketReader(name));
    else this.readers.push(this.#startPoller(name));
  }

  #startLive(name: string): LiveClient {
    const network = this.#network();
    const random = this.random.fork();
    const statuses = this.statuses();
    const clock = {
      now: () => EPOCH + this.timers.nowMs() + client.clockOffset,
      after: this.timers.after,
    };
    let keys = 0;
    const newKey = () => `${name.replace(" ", "-")}-${++keys}`;
    const api = createOrdersApi({
      baseUrl: "http://node",
      fetch: network.fetch,
      clock,
      random: () => random.next(),
      newKey,
    });
    const live = createLiveOrders({
      api,
      transport: network.transport(),
      statuses,
      clock,
      random: () => random.next(),
      newKey,
      firstLimit: 3,
      limit: 5,
    });
    const shown = new ShownRows(this.oracle, name);
    const client: LiveClient = { name, live, api, network, shown, clockOffset: 0, statuses };
    live.start();
    return client;
  }

  #startSocketReader(name: string): FeedReader {
    const network = this.#network();
    const statuses = this.statuses();
    const read = new ReadChanges(this.oracle, name, statuses);
    const clock = { now: () => EPOCH + this.timers.nowMs(), after: this.timers.after };
    const random = this.random.fork();
    const api = createOrdersApi({
      baseUrl: "http://node",
      fetch: network.fetch,
      clock,
      random: () => random.next(),
    });
    const feed: Feed = new Feed({
      transport: network.transport(),
      clock,
      random: () => random.next(),
      consumer: {
        begin: async (beginning) => {
          if (beginning.kind === "reset") {
            this.mustBeJust(name, feed.cursor());
            read.begin(decodeCursor(beginning.cursor)?.position ?? "");
            return { ok: true, value: { statuses, after: beginning.cursor, position: read.position } };
          }
          const page = await api.list({ limit: 1 });
          if (!page.ok) return page;
          const { cursor, position } = page.value;
          read.begin(position);
          return { ok: true, value: { statuses, after: cursor, position } };
        },
        apply: (batch) => {
          read.take(batch);
        },
      },
    });
    feed.start();
    return { name, network, read, stop: () => feed.stop() };
  }

  #startPoller(name: string): FeedReader {
    const network = this.#network();
    const statuses = this.statuses();
    const read = new ReadChanges(this.oracle, name, statuses);
    const random = this.random.fork();
    const onReset = (cursor: string) => this.mustBeJust(name, cursor);
    const stop = pollChanges({
      network,
      timers: this.timers,
      random,
      statuses,
      read,
      onReset,
      fail: this.#fail,
    });
    return { name, network, read, stop };
  }

  /** Errors that readers met outside of a step. */
  readonly failures: Error[] = [];
  readonly #fail = (error: unknown): void => {
    this.failures.push(error instanceof Error ? error : new Error(String(error)));
  };

  /** A reset needs a cause: another collection, or a history that does not reach back. */
  mustBeJust(name: string, cursor: string | null): void {
    this.counters.count("reset told to a reader");
    const parts = cursor === null ? null : decodeCursor(cursor);
    if (parts === null || this.database.generation !== "g1") return;
    if (!this.oracle.mayReset(parts.generation, parts.position)) {
      this.#fail(new Violation(`${name} was told to start afresh without a cause, at ${parts.position}`));
    }
  }
}
