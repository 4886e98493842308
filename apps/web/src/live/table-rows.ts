import type { Clock } from "@live-orders/client/clock";
import type { LiveOrders, LiveView, RowChanges, RowId } from "@live-orders/client/live-orders";
import type { Sort } from "@live-orders/protocol/order-query";
import { createDepartures, type Departure, type Destination } from "./departures.ts";
import { holdRows, type HeldRows } from "./held-rows.ts";
import { createLingeringRows, LINGER } from "./lingering-rows.ts";
import { createRowFlashes, type RowFlash } from "./row-flash.ts";

/** So many changes between two notifications are a flood. */
const FLOOD = 12;
/** How long a notification waits in a flood, in milliseconds. */
const FLOOD_PACE = 250;

/**
 * The list as the table shows it: the live view with a hand held over it.
 *
 * While it flows it is the view itself, but a row that leaves from the top lingers for a moment, with a word where it
 * went. While it is held no row moves: those that leave stay in their place, those that arrive wait to be let in, and
 * only pages of the list that are still being read are added at the end.
 */
export class TableRows {
  readonly #live: Pick<LiveOrders, "row" | "subscribe">;
  readonly #view: LiveView;
  readonly #clock: Clock;
  readonly #schedule: (run: () => void) => void;
  readonly #listeners = new Set<() => void>();
  readonly #flashes = createRowFlashes();
  readonly #departures = createDepartures();
  readonly #lingering = createLingeringRows();
  #held: HeldRows | null = null;
  #q = "";
  #expiring = false;
  #telling: "no" | "slowly" | "soon" = "no";
  /** Changes by others since the last notification. */
  #gathered = 0;
  #isCalm = true;
  #version = 0;

  /** For as long as the page lives. `schedule` runs a notification soon, once for all that changes until then. */
  constructor(
    live: Pick<LiveOrders, "row" | "subscribe">,
    view: LiveView,
    clock: Clock,
    schedule: (run: () => void) => void,
  ) {
    this.#live = live;
    this.#view = view;
    this.#clock = clock;
    this.#schedule = schedule;
    live.subscribe((changes) => {
      this.#take(changes);
    });
    this.#flow();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Grows with everything that the table shows. */
  version(): number {
    return this.#version;
  }

  count(): number {
    return this.#held?.ids.length ?? this.#view.rows().length + this.#lingering.size();
  }

  /** How many orders the list finds now, whether it holds still or flows. */
  found(): number {
    return this.#view.rows().length;
  }

  /** The search that it stands under. */
  q(): string {
    return this.#q;
  }

  idAt(index: number): RowId | undefined {
    if (this.#held !== null) return this.#held.ids[index];
    const top = this.#lingering.top();
    return index < top.length ? top[index] : this.#idInView(index - this.#lingering.size());
  }

  indexOf(id: RowId): number {
    if (this.#held !== null) return this.#held.ids.indexOf(id);
    const inTop = this.#lingering.top().indexOf(id);
    if (inTop !== -1) return inTop;
    const place = this.#view.indexOf(id);
    return place === -1 ? -1 : place + this.#lingering.size();
  }

  /** Set for a row that is still shown though it left the list. */
  departure(id: RowId): Departure | null {
    const order = this.#live.row(id)?.order;
    if (order === undefined) return this.#departures.of(id);
    return this.#q === "" || this.#view.indexOf(id) !== -1 ? null : { order, to: "elsewhere" };
  }

  flash(id: RowId): RowFlash | null {
    return this.#flashes.of(id, this.#clock.now());
  }

  /** New orders that wait while the list is held. */
  waiting(): number {
    return this.#held?.waiting() ?? 0;
  }

  isHeld(): boolean {
    return this.#held !== null;
  }

  hold(): void {
    if (this.#held !== null) return;
    this.#freeze();
    this.#bump();
  }

  /** Lets everything flow again. */
  release(): void {
    if (this.#held === null) return;
    this.#held = null;
    this.#lingering.clear();
    this.#flow();
    this.#bump();
  }

  /** Brings a held list up to date and goes on holding it. */
  letIn(): void {
    if (this.#held === null) return;
    this.#lingering.clear();
    this.#flow();
    this.#freeze();
    this.#bump();
  }

  /** This person is about to send the row there. */
  expectMove(id: RowId, to: Destination): void {
    this.#departures.expect(id, to);
  }

  /** Another sort or search. */
  arrange(sort: Sort, q: string): void {
    this.#q = q;
    this.#view.set({ sort, q });
    this.#startAfresh();
    this.#bump();
  }

  #take({ all, changes }: RowChanges): void {
    if (all) this.#startAfresh();
    const now = this.#clock.now();
    for (const change of changes) {
      this.#flashes.note(change, now);
      this.#departures.note(change);
    }
    if (this.#held === null) this.#flow();
    else this.#held.note(changes, (id) => this.#view.indexOf(id));
    this.#gathered += changes.length;
    this.#bump(all || changes.some(({ by }) => by === "own"));
  }

  #idInView = (index: number): RowId | undefined => this.#view.rows()[index]?.id;

  /** Nothing befell an order that there was no room for: it does not linger. */
  #hasLeft = (id: RowId): boolean => {
    const departure = this.#departures.of(id);
    return departure !== null && departure.to !== "unloaded" && this.#live.row(id) === undefined;
  };

  #flow(): void {
    this.#lingering.follow(this.#idInView, this.#hasLeft, this.#clock.now());
    // Only rows that are held or linger are shown after they left.
    if (this.#lingering.size() === 0) this.#departures.clear();
    if (this.#lingering.size() === 0 || this.#expiring) return;
    this.#expiring = true;
    this.#clock.after(LINGER, () => {
      this.#expiring = false;
      if (this.#held === null) this.#flow();
      this.#bump();
    });
  }

  #freeze(): void {
    const top = this.#lingering.top();
    const rest = this.#view.rows().slice(top.length - this.#lingering.size());
    this.#held = holdRows([...top, ...rest.map(({ id }) => id)]);
  }

  #startAfresh(): void {
    this.#flashes.clear();
    this.#departures.clear();
    this.#lingering.clear();
    this.#flow();
    if (this.#held !== null) this.#freeze();
  }

  /** Soon, but in a flood of changes by others only every so often: nobody reads rows that fly past. */
  #bump(urgent = true): void {
    this.#version += 1;
    if (this.#telling === "soon") return;
    if (urgent || this.#isCalm) {
      this.#telling = "soon";
      this.#schedule(this.#tell);
    } else if (this.#telling === "no") {
      this.#telling = "slowly";
      this.#clock.after(FLOOD_PACE, this.#tell);
    }
  }

  #tell = (): void => {
    if (this.#telling === "no") return;
    this.#telling = "no";
    this.#isCalm = this.#gathered < FLOOD;
    this.#gathered = 0;
    for (const listener of this.#listeners) listener();
  };
}
