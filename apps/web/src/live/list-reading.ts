import type { ApiError } from "@live-orders/client/api-error";
import type { LiveOrders, LoadQuery, RowId } from "@live-orders/client/live-orders";

export type ListReadingState =
  /** Nothing is to be read, or it is in. */
  | { readonly kind: "idle" }
  | { readonly kind: "reading" }
  | { readonly kind: "failed"; readonly error: ApiError };

const IDLE: ListReadingState = { kind: "idle" };
const NOTHING: ReadonlySet<RowId> = new Set();

/** The top of the list under another sort or search, read where not all orders are held. The latest wish counts. */
export class ListReading {
  readonly #live: Pick<LiveOrders, "load">;
  readonly #listeners = new Set<() => void>();
  #wish: LoadQuery | null = null;
  #asking = new AbortController();
  #state = IDLE;
  #ids: ReadonlySet<RowId> = NOTHING;

  constructor(live: Pick<LiveOrders, "load">) {
    this.#live = live;
  }

  /** The orders that were read. */
  ids = (): ReadonlySet<RowId> => this.#ids;

  state = (): ListReadingState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Null: nothing is to be read. What was asked for before is called off. */
  ask(wish: LoadQuery | null): void {
    this.#asking.abort();
    this.#wish = wish;
    this.#ids = NOTHING;
    this.#become(IDLE);
    if (wish !== null) void this.#read(wish);
  }

  /** Asks for the same once more. */
  again(): void {
    this.ask(this.#wish);
  }

  async #read(wish: LoadQuery): Promise<void> {
    const { signal } = (this.#asking = new AbortController());
    this.#become({ kind: "reading" });
    const result = await this.#live.load(wish, { signal });
    if (signal.aborted) return;
    if (result.ok) this.#ids = new Set(result.value);
    this.#become(result.ok ? IDLE : { kind: "failed", error: result.error });
  }

  #become(state: ListReadingState): void {
    if (this.#state.kind === state.kind && state.kind === "idle") return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
