import type { OrderAnswer } from "@live-orders/protocol/http-orders";
import { problemSlug, type ApiResult } from "./api-error.ts";
import type { LiveRows } from "./live-rows.ts";
import type { OrdersApi } from "./orders-api.ts";

export interface OrderReaderOptions {
  readonly api: OrdersApi;
  readonly rows: Pick<LiveRows, "ledger" | "loaded">;
  /** An order could not be read, or there are too many to read one by one: a new snapshot is needed. */
  readonly onFailed: () => void;
}

const AT_ONCE = 4;
const MAX_WAITING = 1000;
const TRIES = 8;

/** Reads the orders of changes that came without their image, one by one. */
export class OrderReader {
  readonly #options: OrderReaderOptions;
  readonly #waiting = new Set<number>();
  #running = 0;

  constructor(options: OrderReaderOptions) {
    this.#options = options;
  }

  /** Reads the order as it stands from now on; one that waits to be read already is read once. */
  read(id: number): void {
    this.#waiting.add(id);
    if (this.#waiting.size > MAX_WAITING) this.#giveUp();
    else void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running >= AT_ONCE) return;
    this.#running += 1;
    for (const id of this.#waiting) {
      this.#waiting.delete(id);
      await this.#readOne(id);
    }
    this.#running -= 1;
  }

  async #readOne(id: number): Promise<void> {
    const { api, rows } = this.#options;
    const { ledger } = rows;
    const ticket = ledger.beginRead();
    const answer = await api.get(id, { tries: TRIES });
    // Unless another snapshot has begun meanwhile, which has the order.
    if (ledger === rows.ledger) this.#lay(id, answer);
    ledger.endRead(ticket);
  }

  #lay(id: number, answer: ApiResult<OrderAnswer>): void {
    const { rows } = this.#options;
    if (!answer.ok) {
      // One that is not there: its deletion is on its way.
      if (problemSlug(answer.error) !== "not-found") this.#giveUp();
      return;
    }
    const { order, position } = answer.value;
    const steps = rows.ledger.layRead({ orders: [order], position });
    if (steps === null) this.read(id);
    else rows.loaded(steps);
  }

  #giveUp(): void {
    this.#waiting.clear();
    this.#options.onFailed();
  }
}
