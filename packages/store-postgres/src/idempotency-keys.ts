import { StoreUnavailableError, type WriteAnswer, type WriteRequest } from "@live-orders/store/order-store";
import { z } from "zod";
import type { Database, Run } from "./database.ts";
import { outboxRowSchema } from "./outbox-row.ts";
import { sequenceOf } from "./postgres-position.ts";
import { type KeptPlan, keptPlanSchema, resultsOf } from "./write-results.ts";

type Idempotency = NonNullable<WriteRequest["idempotency"]>;

/** How long an answer is kept, as a PostgreSQL interval. */
export const ANSWERS_KEPT = "24 hours";

// A transaction that carries the same key waits at the unique index until the first one has ended.
const CLAIM = `INSERT INTO live_orders.requests AS r (key, fingerprint, at) VALUES ($1, $2, clock_timestamp())
  ON CONFLICT (key) DO UPDATE
    SET fingerprint = excluded.fingerprint, at = excluded.at, plan = NULL, after_seq = NULL, changes = NULL
    WHERE r.at < clock_timestamp() - interval '${ANSWERS_KEPT}'
  RETURNING set_config('live_orders.key', r.key, true)`;
// The changes are added by a trigger at the commit.
const KEEP = "UPDATE live_orders.requests SET plan = $2, after_seq = $3 WHERE key = $1";
const RECALL = "SELECT fingerprint, plan, changes FROM live_orders.requests WHERE key = $1";

const keptSchema = z.object({
  fingerprint: z.string(),
  plan: keptPlanSchema,
  changes: z.array(outboxRowSchema),
});

/** Takes the key for this transaction; false if another request has it. */
export async function claimKey(run: Run, { key, fingerprint }: Idempotency): Promise<boolean> {
  const claimed = await run(CLAIM, [key, fingerprint], z.unknown());
  return claimed.length > 0;
}

/** To be called when the plan has been carried out, and before the commit. */
export async function keepPlan(run: Run, key: string, plan: KeptPlan): Promise<void> {
  await run(KEEP, [key, JSON.stringify(plan), sequenceOf(plan.before)], z.unknown());
}

/** What the request that has the key is answered, now or again. */
export async function recallAnswer(
  database: Database,
  { key, fingerprint }: Idempotency,
): Promise<WriteAnswer> {
  const [kept] = await database.read(RECALL, [key], keptSchema);
  // Gone only if it became too old since it was found.
  if (!kept) throw new StoreUnavailableError("the answer to the first request has just been forgotten");
  if (kept.fingerprint !== fingerprint) return { kind: "key-conflict" };
  return { kind: "done", results: resultsOf(kept.plan, kept.changes) };
}
