import type { OrderAnswer } from "@live-orders/protocol/http-orders";
import type { Position } from "@live-orders/protocol/position";
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
  /** Each with the position of the change that came without its image. */
  readonly #waiting = new Map<number, Position>();
  #running = 0;

  constructor(options: OrderReaderOptions) {
    this.#options = options;
  }

  /** Reads the order of a change at `position`, as it stands from then on; one that waits already is read once. */
  read(id: number, position: Position): void {
    const waiting = this.#waiting.get(id) ?? "";
    this.#waiting.set(id, position > waiting ? position : waiting);
    if (this.#waiting.size > MAX_WAITING) this.#giveUp();
    else void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running >= AT_ONCE) return;
    this.#running += 1;
    for (const [id, position] of this.#waiting) {
      this.#waiting.delete(id);
      await this.#readOne(id, position);
    }
    this.#running -= 1;
  }

  async #readOne(id: number, position: Position): Promise<void> {
    const { api, rows } = this.#options;
    const { ledger } = rows;
    const ticket = ledger.beginRead();
    const answer = await api.get(id, { tries: TRIES });
    // Unless another snapshot has begun meanwhile, which has the order.
    if (ledger === rows.ledger) this.#lay(id, position, answer);
    ledger.endRead(ticket);
  }

  #lay(id: number, position: Position, answer: ApiResult<OrderAnswer>): void {
    const { rows } = this.#options;
    if (answer.ok) {
      const { order } = answer.value;
      const steps = rows.ledger.layRead({ orders: [order], position: answer.value.position });
      if (steps === null) this.read(id, position);
      else rows.loaded(steps);
      return;
    }
    if (problemSlug(answer.error) !== "not-found") return this.#giveUp();
    // Its deletion may not come: from a status that is not watched, it is no change of these.
    const step = rows.ledger.layAbsence(id, position);
    if (step !== null) rows.loaded([step]);
  }

  #giveUp(): void {
    this.#waiting.clear();
    this.#options.onFailed();
  }
}
