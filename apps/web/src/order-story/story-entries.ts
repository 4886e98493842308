import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { Status } from "@live-orders/protocol/status";

/** What a change did, as far as its images tell. */
export type Deed =
  | { readonly kind: "created" }
  | { readonly kind: "deleted" }
  | { readonly kind: "edited"; readonly names: readonly NameChange[]; readonly move: Move | null }
  /** Written anew with the same names and status. */
  | { readonly kind: "touched" }
  /** The database kept no image of it. */
  | { readonly kind: "unseen" };

export interface NameChange {
  readonly field: "customer_name" | "product_name";
  readonly from: string;
  readonly to: string;
}

interface Move {
  readonly from: Status;
  readonly to: Status;
}

/** How long the order had stood in a status when it left it, in milliseconds. */
interface Stay {
  readonly status: Status;
  readonly ms: number;
}

export interface ChangeEntry {
  readonly kind: "change";
  readonly position: Position;
  /** In ms since 1970. */
  readonly at: number;
  readonly deed: Deed;
  /** The order as it was after the change, or before its deletion; null if no image was kept. */
  readonly then: Order | null;
  /** What ended with it; null if nothing did, or it is not known since when. */
  readonly stay: Stay | null;
}

/** One line of an order's story. */
export type StoryEntry = ChangeEntry;

/** How long the order has stood in a status altogether, since it was created. */
export interface StatusTotal {
  readonly status: Status;
  /** Of the stays that are over. */
  readonly ms: number;
  /** Since when it stands there now, in ms since 1970; null if it does not. */
  readonly since: number | null;
  /** False: it stood there before the oldest change that is known. */
  readonly whole: boolean;
}

export interface StoryReading {
  /** The newest first. */
  readonly entries: readonly StoryEntry[];
  /** In the order in which it came to them. */
  readonly totals: readonly StatusTotal[];
}

const NAMES = ["customer_name", "product_name"] as const;

/** @param changes of one order, the newest first, without a gap */
export function readStory(changes: readonly Change[]): StoryReading {
  const stays = new Stays();
  const entries: StoryEntry[] = [];
  for (const change of changes.toReversed()) {
    const at = Date.parse(change.at);
    const { position, after, before } = change;
    const stay = stays.take(change, at);
    entries.push({ kind: "change", position, at, deed: deedOf(change), then: after ?? before, stay });
  }
  return { entries: entries.reverse(), totals: stays.totals() };
}

export function deedOf({ op, before, after }: Change): Deed {
  if (op === "insert") return { kind: "created" };
  if (op === "delete") return { kind: "deleted" };
  if (before === null || after === null) return { kind: "unseen" };
  const names = NAMES.flatMap((field): NameChange[] =>
    before[field] === after[field] ? [] : [{ field, from: before[field], to: after[field] }],
  );
  const move = before.status === after.status ? null : { from: before.status, to: after.status };
  return names.length === 0 && move === null ? { kind: "touched" } : { kind: "edited", names, move };
}

/** Follows the status from change to change, the oldest first. */
class Stays {
  readonly #totals = new Map<Status, StatusTotal>();
  /** `since` null: it is not known. */
  #now: { readonly status: Status; readonly since: number | null } | null = null;

  /** Returns the stay that the change ended. */
  take({ op, before, after }: Change, at: number): Stay | null {
    if (op === "insert") {
      this.#totals.clear();
      if (after !== null) this.#enter(after.status, at);
      return null;
    }
    const left = before?.status ?? this.#now?.status ?? null;
    const arrived = after?.status ?? null;
    if (op === "update" && arrived === null) return this.#lose();
    if (left === arrived) {
      if (this.#now === null && left !== null) this.#enter(left, null);
      return null;
    }
    const stay = left === null ? null : this.#leave(left, at);
    this.#now = null;
    if (arrived !== null) this.#enter(arrived, left === null ? null : at);
    return stay;
  }

  totals(): StatusTotal[] {
    return [...this.#totals.values()];
  }

  #leave(status: Status, at: number): Stay | null {
    const since = this.#now?.status === status ? this.#now.since : null;
    const known = this.#totals.get(status);
    const ms = since === null ? null : Math.max(0, at - since);
    const whole = ms !== null && (known?.whole ?? true);
    this.#totals.set(status, { status, ms: (known?.ms ?? 0) + (ms ?? 0), since: null, whole });
    return ms === null ? null : { status, ms };
  }

  /** No image tells where it went. */
  #lose(): null {
    const known = this.#now === null ? undefined : this.#totals.get(this.#now.status);
    if (known !== undefined) this.#totals.set(known.status, { ...known, since: null, whole: false });
    this.#now = null;
    return null;
  }

  #enter(status: Status, since: number | null): void {
    const known = this.#totals.get(status);
    const whole = since !== null && (known?.whole ?? true);
    this.#totals.set(status, { status, ms: known?.ms ?? 0, since, whole });
    this.#now = { status, since };
  }
}
