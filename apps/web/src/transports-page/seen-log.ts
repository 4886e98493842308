import type { Change } from "@live-orders/protocol/change";

/** What is remembered of single changes, in changes; more are only counted. */
const MOST = 20_000;

/** Names the state that a change left an order in, as a reader of the table can tell it. */
export const stateKey = (id: number, updatedAt: string | null): string => `${id} ${updatedAt ?? "gone"}`;
export const stateOf = ({ id, after }: Pick<Change, "id" | "after">): string =>
  stateKey(id, after?.updated_at ?? null);

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
