import type { LiveOrders } from "@live-orders/client/live-orders";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { Status } from "@live-orders/protocol/status";
import { type Oracle, rowsAsText, type Version } from "./oracle.ts";
import { orderText } from "./order-text.ts";
import { Violation } from "./violation.ts";

/** The rows that a live collection shows: each stood in the database, none goes back, rises or leaves without a cause. */
export class ShownRows {
  readonly #oracle: Oracle;
  readonly #name: string;
  readonly #live: LiveOrders;
  readonly #told = new Map<number, string>();
  /** Each row was last seen at this version or a later one; `order` is null for one that was seen to be gone. */
  #seen = new Map<number, Version>();
  /** Those shown since it last began anew: none of them leaves without a cause. */
  #current = new Set<number>();
  #resyncs = 0;
  /** After a reset the former rows are shown until the feed has come as far as the new snapshot. */
  #void: { until: Position | null } | null = null;
  #statuses = "";
  #failure: Violation | null = null;

  constructor(oracle: Oracle, name: string, live: LiveOrders) {
    this.#oracle = oracle;
    this.#name = name;
    this.#live = live;
    live.subscribe(({ all, changes }) => {
      if (all) return this.#tellAll();
      for (const { id, before, after } of changes) this.#tell(id, before, after);
    });
  }

  /**
   * @param saving the rows that a person's write lies over: what is confirmed beneath cannot be told from outside
   * @param hasImages whether all changes had images. An order whose change had none is read, and one that is not found is
   *   not known to be gone since when: the feed may tell of it again on its way there.
   */
  check(saving: ReadonlySet<number>, hasImages: boolean): void {
    if (this.#failure) throw this.#failure;
    const { resyncs, statuses } = this.#live.status();
    if (resyncs.count !== this.#resyncs) {
      this.#seen = new Map();
      this.#void = { until: null };
    }
    this.#settle();
    if (resyncs.count !== this.#resyncs || statuses.join() !== this.#statuses) this.#current = new Set();
    this.#resyncs = resyncs.count;
    this.#statuses = statuses.join();
    const shown = new Set<number>();
    const texts = new Map<number, string>();
    for (const order of this.#live.orders()) {
      texts.set(order.id, orderText(order));
      shown.add(order.id);
      const confirmed = this.#live.row(order.id)?.confirmed;
      if (confirmed) this.#stood(confirmed);
    }
    for (const id of this.#current)
      if (!shown.has(id) && !saving.has(id)) this.#left(id, statuses, hasImages);
    this.#sameAsTold(texts);
  }

  /** A write of the row was answered as done: nothing older is shown from now on. */
  confirmed(id: number, position: Position): void {
    if (this.#void !== null) return;
    const seen = this.#seen.get(id);
    const version = this.#oracle.versions(id).findLast((one) => one.position <= position);
    if (version && (!seen || seen.position < version.position)) this.#seen.set(id, version);
  }

  /** At rest. */
  equals(statuses: readonly Status[]): void {
    const standing = rowsAsText(this.#oracle.standing(statuses).values());
    const [wrong] = differences(rowsAsText(this.#live.orders()), standing);
    if (wrong) throw this.#broke("equal at rest", `shown as ${wrong.shown}, stands as ${wrong.other}`);
  }

  #settle(): void {
    if (this.#void === null || this.#live.status().snapshot.kind !== "complete") return;
    this.#void.until ??= this.#oracle.last;
    if ((this.#live.position() ?? "") >= this.#void.until) this.#void = null;
  }

  #stood(order: Order): void {
    const wanted = orderText(order);
    const version = this.#from(order.id).find(({ order: one }) => one !== null && orderText(one) === wanted);
    if (!version)
      throw this.#broke("rows that stood", `shows ${wanted}, which never stood, went back or rose`);
    this.#seen.set(order.id, version);
    this.#current.add(order.id);
  }

  #left(id: number, statuses: readonly Status[], hasImages: boolean): void {
    const gone = this.#from(id).find(({ order }) => order === null || !statuses.includes(order.status));
    if (!gone) {
      throw this.#broke("rows that stood", `order ${id} left without a cause`);
    }
    if (hasImages) this.#seen.set(id, { position: gone.position, order: null });
    this.#current.delete(id);
  }

  /** The versions from the one that was last seen. */
  #from(id: number): readonly Version[] {
    const versions = this.#oracle.versions(id);
    const since = this.#seen.get(id)?.position ?? "";
    return versions.slice(
      Math.max(
        0,
        versions.findLastIndex(({ position }) => position <= since),
      ),
    );
  }

  #tellAll(): void {
    this.#told.clear();
    for (const [id, text] of rowsAsText(this.#live.orders())) this.#told.set(id, text);
  }

  #tell(id: number, before: Order | null, after: Order | null): void {
    const was = this.#told.get(id) ?? null;
    const said = before && orderText(before);
    if (was !== said)
      this.#failure ??= this.#broke("told as shown", `${id} was told as ${was}, now before is ${said}`);
    if (after === null) this.#told.delete(id);
    else this.#told.set(id, orderText(after));
  }

  #sameAsTold(shown: ReadonlyMap<number, string>): void {
    const [wrong] = differences(shown, this.#told);
    if (wrong) throw this.#broke("told as shown", `shown is ${wrong.shown}, told was ${wrong.other}`);
  }

  #broke(invariant: Violation["invariant"], detail: string): Violation {
    return new Violation(invariant, `${this.#name}: ${detail}`);
  }
}

function differences(shown: ReadonlyMap<number, string>, other: ReadonlyMap<number, string>) {
  return [...new Set([...shown.keys(), ...other.keys()])]
    .filter((id) => shown.get(id) !== other.get(id))
    .map((id) => ({ shown: shown.get(id), other: other.get(id) }));
}
