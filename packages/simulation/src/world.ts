import { STATUSES, type Status } from "@live-orders/protocol/status";
import { silentObserver, type RelayObserver } from "@live-orders/relay/relay-observer";
import { FakeTimers } from "@live-orders/testkit/fake-timers";
import { MemoryArchive } from "@live-orders/testkit/memory-archive";
import { MemoryDatabase } from "@live-orders/testkit/memory-database";
import { type SeededRandom, seededRandom } from "@live-orders/testkit/seeded-random";
import { ApiNode } from "./api-node.ts";
import type { SimulationCounters } from "./counters.ts";
import { followFeed, pollByHand, watchSocket, type FeedReader } from "./feed-reader.ts";
import { LiveClient } from "./live-client.ts";
import { Network } from "./network.ts";
import { Oracle } from "./oracle.ts";
import type { ReadChanges } from "./read-changes.ts";
import { EPOCH, type Surroundings } from "./surroundings.ts";
import { WAYS } from "./transports.ts";
import { Violation } from "./violation.ts";

/** A node that the database is away from says so; that is no fault of the relay's. */
const EXPECTED_FAULT = /^the rung (history|database) failed$/;

/** A database, some nodes, some clients on different transports and rooms. */
export class World implements Surroundings {
  readonly timers = new FakeTimers();
  /** For what the world is made of. What a step does is decided by the step's own. */
  readonly random: SeededRandom;
  readonly counters: SimulationCounters;
  readonly database: MemoryDatabase;
  /** The durable history; null in half of the worlds. */
  readonly archive: MemoryArchive | null;
  readonly oracle: Oracle;
  readonly nodes: ApiNode[] = [];
  readonly clients: LiveClient[] = [];
  readonly readers: FeedReader[] = [];
  /** The database's clock is this far off, in ms. */
  databaseClockOffset = 0;
  imagesWereOff = false;
  isHealed = false;
  readonly #fashion: readonly Status[];
  #streamLostAt = "";
  #isOver = false;
  #failure: Error | null = null;

  constructor(seed: number, counters: SimulationCounters) {
    this.random = seededRandom(seed);
    this.counters = counters;
    this.database = new MemoryDatabase(() => EPOCH + this.timers.nowMs() + this.databaseClockOffset);
    this.archive = this.random.chance(0.5) ? new MemoryArchive(this.database) : null;
    this.#fashion = this.#anyStatuses(this.random);
    this.oracle = new Oracle(this.database, this.fail);
    const nodes = this.random.int(2, 3);
    for (let index = 0; index < nodes; index += 1) this.nodes.push(this.#newNode());
    const clients = this.random.int(2, 6);
    for (let index = 0; index < clients; index += 1) this.#addClient(index);
  }

  get networks(): Network[] {
    return [...this.clients, ...this.readers].map(({ network }) => network);
  }

  /** Half of the time those that are in fashion, so that readers share rooms. */
  pickStatuses(random: SeededRandom): Status[] {
    return random.chance(0.5) ? [...this.#fashion] : this.#anyStatuses(random);
  }

  #anyStatuses(random: SeededRandom): Status[] {
    const some = STATUSES.filter(() => random.chance(0.6));
    return some.length > 0 ? some : [...STATUSES];
  }

  newNetwork(): Network {
    const { timers, counters } = this;
    return new Network({ nodes: () => this.nodes, timers, random: this.random.fork(), counters });
  }

  /** Another node takes the place of one that is gone, unless all is over. */
  replaceNode(index: number): void {
    if (!this.#isOver) this.nodes[index] = this.#newNode();
  }

  /** What broke so far: the first is kept. */
  readonly fail = (error: unknown): void => {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  };

  /** For checks that run within the project's code, which would catch what they throw. */
  guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.fail(error);
    }
  }

  throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  /** A reset needs a reason: another collection, or a history that does not reach back. */
  wasReset(name: string, { generation, position }: ReadChanges): void {
    this.counters.count("reader told to start afresh");
    if (generation === null || generation !== this.oracle.generation) return;
    const floors = [this.database.floor, ...(this.archive ? [this.archive.floor] : [])];
    const isLost = floors.every((floor) => position < floor) || position <= this.#streamLostAt;
    if (!isLost)
      this.fail(new Violation("reset for a reason", `${name} was told to start afresh at ${position}`));
  }

  stop(): void {
    this.#isOver = true;
    for (const { live } of this.clients) live.stop();
    for (const reader of this.readers) reader.stop();
    for (const node of this.nodes) if (node.up) node.crash();
  }

  #newNode(): ApiNode {
    const { database, archive, timers } = this;
    return new ApiNode({ database, archive, timers, random: this.random.fork(), observer: this.#observer() });
  }

  #observer(): RelayObserver {
    const { counters } = this;
    return {
      ...silentObserver,
      replayed: (rung) => counters.count(`replay from ${rung}`),
      reset: (reason) => counters.count(`reset: ${reason}`),
      sourceReset: () => {
        this.#streamLostAt = this.database.now().position;
      },
      evicted: () => counters.count("slow reader taken out of its room"),
      closed: (why) => counters.count(`connection closed: ${why}`),
      fault: (what, error) => {
        counters.count(`fault seen by the relay: ${what}`);
        if (!EXPECTED_FAULT.test(what)) this.fail(new Violation("no faults", `${what}: ${String(error)}`));
      },
    };
  }

  /** The first two are live collections; of the others some read the bare feed. */
  #addClient(index: number): void {
    const kind = index < 2 ? "live" : this.random.pick(["live", "reader", "socket", "by hand"] as const);
    const way = this.random.pick(WAYS);
    if (kind === "live") this.clients.push(new LiveClient(this, `live ${index}`, way));
    else if (kind === "socket") this.readers.push(watchSocket(this, index));
    else if (kind === "reader") this.readers.push(followFeed(this, index, way));
    else this.readers.push(pollByHand(this, index));
  }
}
