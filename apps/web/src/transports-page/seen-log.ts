import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";

/** What is remembered of single changes, in changes; more are only counted. */
const MOST = 20_000;

/** Names a state of an order, as a reader of the table can tell it; null: it is gone. */
export const stateKey = (id: number, order: Order | null): string =>
  `${id} ${order === null ? "gone" : JSON.stringify([order.updated_at, order.status, order.customer_name, order.product_name])}`;
/** The state that a change left its order in. */
export const stateOf = ({ id, after }: Pick<Change, "id" | "after">): string => stateKey(id, after);

/** When a lane first saw something, by its key; times in ms. Bounded: the oldest are forgotten. */
export class SeenLog {
  readonly #times = new Map<string, number>();

  note(key: string, at: number): void {
    if (this.#times.has(key)) return;
    this.#times.set(key, at);
    if (this.#times.size <= MOST) return;
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }

  at(key: string): number | null {
    return this.#times.get(key) ?? null;
  }
}
