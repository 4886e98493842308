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
  /** By key, the row. */
  readonly #saving = new Map<string, number>();
  /** By temporary id, the key of the write that creates the order. */
  readonly #createdBy = new Map<number, string>();
  /** Its clock runs this far from the database's, in ms. */
  clockOffset = 0;
  statuses: readonly Status[];
  way: Way;
  #mayBeginAnew = true;
  /** Where the feed began last: it tells of nothing before. */
  #readFrom = "";
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
    // Of a bulk request: those of a person's writes are told to `saves`.
    const newBulkKey = () => {
      const key = `bulk-${newKey()}`;
      oracle.expectKey(key);
      return key;
    };
    this.#api = createOrdersApi({
      ...common,
      baseUrl: "http://node",
      fetch: this.network.fetch,
      newKey: newBulkKey,
    });
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

  /** A person's write: keeps in mind which row it lies over, and until when. */
  saves(write: PendingWrite): void {
    const { id, key } = write;
    this.#world.oracle.expectKey(key);
    this.#saving.set(key, id);
    if (id < 0 && !this.#createdBy.has(id)) this.#createdBy.set(id, key);
    void write.done.then((outcome) => {
      this.#saving.delete(key);
      if (outcome.ok) this.#shown.confirmed(outcome.order.id, outcome.position);
    });
  }

  check(): void {
    this.#checkResets();
    this.#shown.check(new Set(this.#rowsSaving()), !this.#world.imagesWereOff);
    for (const [key, id] of this.#saving) this.#standsOnce(key, id);
  }

  /** Of an order that was created here, what is still to be written may lie over the server's id by now. */
  *#rowsSaving(): Generator<number> {
    for (const id of this.#saving.values()) {
      yield id;
      const made = this.#world.oracle.made(this.#createdBy.get(id) ?? "");
      if (made?.order) yield made.order.id;
    }
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

  /** An order that is being created goes from its temporary id when its own change has come, if not before. */
  #standsOnce(key: string, id: number): void {
    const made = id < 0 ? this.#world.oracle.made(key) : null;
    if (this.#mayBeginAnew || !made?.order || !this.statuses.includes(made.order.status)) return;
    const hasCome = made.position > this.#readFrom && made.position <= this.#read.position;
    if (hasCome && [...this.live.orders()].some((order) => order.id === id))
      throw new Violation("stands once", `${this.name}: ${id} is shown although its change has come`);
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
    this.#readFrom = from;
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
