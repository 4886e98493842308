import type { Change } from "@live-orders/protocol/change";
import type { Order, OrderFields, OrderPatch } from "@live-orders/protocol/order";

/** A write that is on its way, laid over the confirmed row until it is settled. */
export type OverlayEntry = { readonly key: string; readonly id: number } & OverlayWrite;

export type OverlayWrite =
  /** `id` is negative: the server gives the real one. */
  | { readonly kind: "create"; readonly order: Order }
  /** An order put back under its id. */
  | { readonly kind: "restore"; readonly order: Order }
  | { readonly kind: "edit"; readonly patch: OrderPatch; readonly base: Order }
  | { readonly kind: "remove" };

const FIELDS = ["customer_name", "product_name", "status"] as const satisfies readonly (keyof OrderFields)[];

/**
 * The optimistic overlay (SPEC.md, C-OVER): writes laid over confirmed rows, by row and in the order they were made. One
 * goes when its answer was laid beneath it, when its own change has come, or when it failed. It waits for nothing else,
 * and no other row's waits for it.
 */
export class Overlay {
  readonly #byRow = new Map<number, OverlayEntry[]>();
  readonly #byKey = new Map<string, OverlayEntry>();

  get size(): number {
    return this.#byKey.size;
  }

  /** How many rows have a write on its way. */
  get rows(): number {
    return this.#byRow.size;
  }

  ids(): IterableIterator<number> {
    return this.#byRow.keys();
  }

  /** The write, if it is on its way. */
  entry(key: string): OverlayEntry | null {
    return this.#byKey.get(key) ?? null;
  }

  /** The writes of a row that are on their way, the latest last. */
  of(id: number): readonly OverlayEntry[] {
    return this.#byRow.get(id) ?? [];
  }

  lay(entry: OverlayEntry): void {
    this.#byKey.set(entry.key, entry);
    const entries = this.#byRow.get(entry.id);
    if (entries === undefined) this.#byRow.set(entry.id, [entry]);
    else entries.push(entry);
  }

  /** Takes the write off; null if it is off already. */
  lift(key: string): OverlayEntry | null {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return null;
    this.#byKey.delete(key);
    const left = this.of(entry.id).filter((other) => other !== entry);
    if (left.length === 0) this.#byRow.delete(entry.id);
    else this.#byRow.set(entry.id, left);
    return entry;
  }

  /** The server has given the row its id: what was laid over `from` lies over `to`. */
  rebind(from: number, to: number): void {
    for (const entry of this.of(from)) {
      this.lift(entry.key);
      this.lay({ ...entry, id: to });
    }
  }

  /** The row as it is to be shown: null when there is none. */
  over(id: number, confirmed: Order | null): Order | null {
    const entries = this.#byRow.get(id);
    if (entries === undefined) return confirmed;
    return entries.reduce<Order | null>(shown, confirmed);
  }

  /** The writes that this change settles: they have come, or the order they were meant for is gone. */
  settledBy(change: Change): OverlayEntry[] {
    const created = change.key === undefined ? undefined : this.#byKey.get(change.key);
    const settled = this.of(change.id).filter((entry) => isOwn(entry, change));
    return created === undefined || settled.includes(created) ? settled : [created, ...settled];
  }
}

function shown(order: Order | null, entry: OverlayEntry): Order | null {
  switch (entry.kind) {
    case "create":
    case "restore":
      return order ?? entry.order;
    case "edit":
      return order === null ? null : patched(order, entry.patch);
    case "remove":
      return null;
  }
}

export function patched(order: Order, patch: OrderPatch): Order {
  return {
    ...order,
    customer_name: patch.customer_name ?? order.customer_name,
    product_name: patch.product_name ?? order.product_name,
    status: patch.status ?? order.status,
  };
}

/** Whether the change is what the write would have done: whoever made it, the overlay has nothing to add to it. */
function isOwn(entry: OverlayEntry, change: Change): boolean {
  if (entry.kind === "remove") return change.op === "delete";
  if (entry.kind !== "edit" || change.op !== "update" || change.after === null) return false;
  const { after } = change;
  const meant = patched(change.before ?? entry.base, entry.patch);
  return FIELDS.every((field) => after[field] === meant[field]);
}
