import type { Change } from "@live-orders/protocol/change";
import type { ChangeEvent, OrderEvent } from "./change-event.ts";
import { comparePlaces, completeAt, type Place, positionOf } from "./mongo-position.ts";
import { orderImage } from "./order-image.ts";

/** What the next event of a stream comes to. */
export type Numbered =
  | { readonly kind: "change"; readonly change: Change }
  /** A change that broke the table in every image; it has its place, but nobody is told. */
  | { readonly kind: "left-out"; readonly why: string }
  | { readonly kind: "gone" }
  /** Nothing of its own, or seen before. */
  | { readonly kind: "nothing" };

/** An event came at or before a place that was proven complete. Must not happen; what readers hold may lack it. */
export class BrokenOrderError extends Error {
  override readonly name = "BrokenOrderError";
}

/**
 * Gives each change its place, the same on every node: a stream starts at a cluster time, never within one, so that all
 * count alike. Passes over what lies at or before the place where its reader is.
 */
export class ChangeNumbering {
  readonly #from: Place;
  #place: Place;
  /** Where the count stands. */
  #counted: Place;
  #key: { readonly place: Place; readonly key: string | null } | null = null;

  constructor(from: Place) {
    this.#from = from;
    this.#place = from;
    this.#counted = { time: from.time, n: 0 };
  }

  /** Everything up to here has been given out. */
  get place(): Place {
    return this.#place;
  }

  /** The database has nothing more up to `place`. */
  complete(place: Place): void {
    if (comparePlaces(place, this.#place) > 0) this.#place = place;
  }

  next(event: ChangeEvent): Numbered {
    if (event.kind === "gone") return this.#isOld(event) ? { kind: "nothing" } : { kind: "gone" };
    if (event.kind === "key") {
      this.#key = { place: completeAt(event.time), key: event.key };
      return { kind: "nothing" };
    }
    const place = this.#count(event);
    if (comparePlaces(place, this.#from) <= 0) return { kind: "nothing" };
    if (comparePlaces(place, this.#place) <= 0) {
      throw new BrokenOrderError(`A change came at ${positionOf(place)}, after ${positionOf(this.#place)}`);
    }
    this.#place = place;
    return changeOf(event, place, this.#keyAt(event));
  }

  #isOld({ time }: ChangeEvent): boolean {
    return time.lessThanOrEqual(this.#from.time);
  }

  #count({ time }: OrderEvent): Place {
    const n = time.equals(this.#counted.time) ? this.#counted.n + 1 : 1;
    this.#counted = { time, n };
    return this.#counted;
  }

  #keyAt({ op, time }: OrderEvent): string | null {
    return op === "insert" && this.#key?.place.time.equals(time) === true ? this.#key.key : null;
  }
}

const leftOut = (why: string): Numbered => ({ kind: "left-out", why });

function changeOf(event: OrderEvent, place: Place, key: string | null): Numbered {
  const { op, id, wallTime } = event;
  if (id === null) return leftOut("its _id is not the id of an order");
  const before = op === "insert" ? "missing" : orderImage(event.before);
  const after = op === "delete" ? "missing" : orderImage(event.after);
  const images = [before, after];
  // One that has none was written before images were on: readers are told, and read the order.
  if (images.includes("broken") && images.every((image) => typeof image === "string")) {
    return leftOut("its images break the table");
  }
  const change = {
    position: positionOf(place),
    op,
    id,
    before: typeof before === "string" ? null : before,
    after: typeof after === "string" ? null : after,
    at: wallTime.toISOString(),
  };
  return { kind: "change", change: key === null ? change : { ...change, key } };
}
