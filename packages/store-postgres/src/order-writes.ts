import { setTimeout as delay } from "node:timers/promises";
import type { WriteAnswer, WriteRequest } from "@live-orders/store/order-store";
import { ANSWER_LIMIT_MS } from "./connection-settings.ts";
import type { Database } from "./database.ts";
import type { Mend } from "./feed-state.ts";
import { recallAnswer } from "./idempotency-keys.ts";
import { type Committed, needsMending, OrderTransaction } from "./order-transaction.ts";
import { outboxRowSchema } from "./outbox-row.ts";
import { sequenceOf } from "./postgres-position.ts";
import { unavailable } from "./server-error.ts";
import { resultsOf } from "./write-results.ts";

const TRIES = 8;
const CHANGES_OF = "SELECT * FROM live_orders.changes_of($1::text::xid, $2)";

/**
 * Writes of the table, each request one transaction.
 *
 * A change gets its place when its transaction commits, so that the answer's positions are read after that. The other way
 * is to number the changes before the commit, and to keep the commit lock over the way to the server and back: with 20
 * writers that took twice as long.
 */
export class OrderWriter {
  readonly #database: Database;
  readonly #mend: Mend;

  constructor(database: Database, mend: Mend) {
    this.#database = database;
    this.#mend = mend;
  }

  /** @throws StoreUnavailableError: the outcome is unknown */
  async write(request: WriteRequest): Promise<WriteAnswer> {
    const committed = await this.#commit(request);
    if (request.idempotency) return recallAnswer(this.#database, request.idempotency);
    if (committed.kind === "kept") throw new TypeError("an answer is kept under no key");
    const { plan, transaction } = committed;
    if (transaction === null) return { kind: "done", results: resultsOf(plan, []) };
    const values = [transaction, sequenceOf(plan.before)];
    const changes = await this.#database.read(CHANGES_OF, values, outboxRowSchema);
    return { kind: "done", results: resultsOf(plan, changes) };
  }

  async #commit(request: WriteRequest): Promise<Committed> {
    const deadline = performance.now() + ANSWER_LIMIT_MS;
    for (let tries = 1; ; tries += 1) {
      const transaction = new OrderTransaction();
      try {
        return await this.#database.lend((run) => transaction.carryOut(run, request), deadline);
      } catch (error) {
        const isLast = tries >= TRIES || performance.now() > deadline;
        if (isLast || !transaction.mayBeRepeatedAfter(error)) throw unavailable(error);
        if (needsMending(error)) await this.#mend();
        // Those that got in each other's way try again at different times.
        await delay(Math.random() * 2 ** tries);
      }
    }
  }
}
