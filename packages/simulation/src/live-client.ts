import type { Clock } from "@live-orders/client/clock";
import type { LiveOrders, PendingWrite } from "@live-orders/client/live-orders";
import { createLiveOrders } from "@live-orders/client/live-orders-session";
import { createOrdersApi, type OrdersApi } from "@live-orders/client/orders-api";
import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { decodeCursor } from "@live-orders/store/cursor-parts";
import type { Network } from "./network.ts";
import { ReadChanges } from "./read-changes.ts";
import { ShownRows } from "./shown-rows.ts";
import { transportOf, type Way } from "./transports.ts";
import { Violation } from "./violation.ts";
import { EPOCH, type Surroundings } from "./surroundings.ts";

/** A live collection of a person, with its cable, and all that it must hold to. */
export class LiveClient {
  readonly name: string;
  readonly live: LiveOrders;
  readonly network: Network;
  /** Orders that the person removed, and may put back. */
  readonly removed: Order[] = [];
  readonly #world: Surroundings;
  readonly #api: OrdersApi;
  readonly #clock: Clock;
  readonly #read: ReadChanges;
  readonly #shown: ShownRows;
  readonly #saving = new Map<number, number>();
  /** Its clock runs this far from the database's, in ms. */
  clockOffset = 0;
  statuses: readonly Status[];
  way: Way;
  #mayBeginAnew = true;
  #resyncs = 0;

  constructor(world: Surroundings, name: string, way: Way) {
    const { timers, oracle, counters } = world;
    const random = world.random.fork();
    this.#world = world;
    this.name = `${name} by ${way}`;
    this.way = way;
    this.network = world.newNetwork();
    this.statuses = world.pickStatuses(world.random);
    this.#clock = { now: () => EPOCH + timers.nowMs() + this.clockOffset, after: timers.after };
    let keys = 0;
    const newKey = () => `${name.replace(" ", "-")}-${++keys}`;
    const common = { clock: this.#clock, random: () => random.next(), newKey };
    this.#api = createOrdersApi({ baseUrl: "http://node", fetch: this.network.fetch, ...common });
    this.live = createLiveOrders({
      ...common,
      api: this.#api,
      transport: transportOf(way, { network: this.network, api: this.#api, clock: this.#clock, counters }),
      statuses: this.statuses,
      firstLimit: 3,
      limit: 5,
    });
    this.#read = new ReadChanges(oracle, this.name);
    this.#shown = new ShownRows(oracle, this.name, this.live);
    this.live.follow((batch) => world.guard(() => this.#follow(batch)));
    this.live.start();
  }

  setStatuses(statuses: readonly Status[]): void {
    this.statuses = statuses;
    this.#mayBeginAnew = true;
    this.live.setStatuses(statuses);
  }

  useWay(way: Way): void {
    this.way = way;
    const { network } = this;
    const { counters } = this.#world;
    this.live.useTransport(transportOf(way, { network, api: this.#api, clock: this.#clock, counters }));
  }

  /** Keeps in mind which rows a person's write lies over. */
  saves(write: PendingWrite): void {
    const { id } = write;
    this.#saving.set(id, (this.#saving.get(id) ?? 0) + 1);
    void write.done.then(() => {
      const left = (this.#saving.get(id) ?? 1) - 1;
      if (left === 0) this.#saving.delete(id);
      else this.#saving.set(id, left);
    });
  }

  check(): void {
    this.#checkResets();
    this.#shown.check(new Set(this.#saving.keys()));
  }

  get isAtRest(): boolean {
    const { connection, snapshot, saving } = this.live.status();
    return connection.kind === "live" && snapshot.kind === "complete" && saving === 0;
  }

  checkAtRest(target: string): void {
    const { name, live, statuses } = this;
    if (!this.isAtRest)
      throw new Violation(
        "comes to rest",
        `${name} is ${JSON.stringify({ ...live.status(), counts: null })}`,
      );
    this.#shown.equals(statuses);
    const position = live.position() ?? "";
    if (position < target)
      throw new Violation("progress", `${name} stands at ${position}, ${target} was handed out`);
    this.#checkCounts();
  }

  /** A socket of the simulation brings no counts; those that are asked for are up to date at rest. */
  #checkCounts(): void {
    const { counts } = this.live.status();
    const { oracle } = this.#world;
    if (counts === null || counts.position < oracle.last) {
      if (this.way === "socket" || this.way === "fallback") return;
      throw new Violation("progress", `${this.name} has counts as of ${counts?.position}`);
    }
    const orders = [...oracle.standing(["pending", "shipped", "delivered"]).values()];
    const standing = [counts.pending, counts.shipped, counts.delivered].join();
    const wanted = (["pending", "shipped", "delivered"] as const)
      .map((status) => orders.filter((order) => order.status === status).length)
      .join();
    if (standing !== wanted)
      throw new Violation("equal at rest", `${this.name} counts ${standing}, not ${wanted}`);
  }

  #follow(batch: ChangeBatch): void {
    this.#checkResets();
    const from = this.live.position() ?? "";
    if (from !== this.#read.position) this.#beginAnew(from, batch);
    this.#read.take(batch, this.live.status().statuses);
  }

  /** It stands elsewhere than where the last batch left it: at the start, for other statuses, after a reset. */
  #beginAnew(from: string, batch: ChangeBatch): void {
    // An order whose image is missing is read; if that fails for long, a new snapshot is taken.
    if (!this.#mayBeginAnew && !this.#world.imagesWereOff)
      throw new Violation("never in silence", `${this.name} went from ${this.#read.position} to ${from}`);
    this.#mayBeginAnew = false;
    this.#read.begin(from, decodeCursor(batch.cursor)?.generation ?? "");
  }

  #checkResets(): void {
    const { count } = this.live.status().resyncs;
    if (count === this.#resyncs) return;
    this.#resyncs = count;
    this.#mayBeginAnew = true;
    this.#world.wasReset(this.name, this.#read);
  }
}
