import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Database } from "./database.ts";
import { ANSWERS_KEPT } from "./idempotency-keys.ts";
import type { StoreLogger } from "./store-logger.ts";

const EVERY_MS = 60_000;
const STEP_ROWS = 5_000;
/** With `HISTORY_DAYS=0`: what a node needs that was away from the database for a moment. */
const SHORTEST = "10 minutes";

const prunedSchema = z.object({ pruned: z.coerce.number() });

// The oldest rows, as far as they are too old: a prefix of the order of commits, which the floor then tells.
const PRUNE_OUTBOX = "SELECT live_orders.prune_outbox($1::interval, $2) AS pruned";
const PRUNE_REQUESTS = `WITH old AS (
    SELECT key FROM live_orders.requests WHERE at < clock_timestamp() - interval '${ANSWERS_KEPT}' LIMIT $1)
  , gone AS (DELETE FROM live_orders.requests r USING old WHERE r.key = old.key RETURNING 1)
  SELECT count(*) AS pruned FROM gone`;

/** Takes away what is older than it need be, in bounded steps, until the signal aborts. Never rejects. */
export class OutboxPruner {
  readonly #database: Database;
  readonly #logger: StoreLogger;
  readonly #kept: string;

  /** @param historyDays 0: as short a history as does */
  constructor(database: Database, logger: StoreLogger, historyDays: number) {
    this.#database = database;
    this.#logger = logger;
    this.#kept = historyDays > 0 ? `${historyDays} days` : SHORTEST;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.prune(signal).catch((error: unknown) =>
        this.#logger.warn({ err: error }, "the outbox could not be pruned"),
      );
      await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async prune(signal: AbortSignal): Promise<void> {
    for (const [text, values] of [
      [PRUNE_OUTBOX, [this.#kept, STEP_ROWS]],
      [PRUNE_REQUESTS, [STEP_ROWS]],
    ] as const) {
      let pruned = STEP_ROWS;
      while (pruned === STEP_ROWS && !signal.aborted) {
        const [row] = await this.#database.read(text, values, prunedSchema);
        pruned = row?.pruned ?? 0;
      }
    }
  }
}
