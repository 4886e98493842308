import { StoreUnavailableError, type WriteRequest } from "@live-orders/store/order-store";
import {
  planWrites,
  type PlannedWrite,
  type StandingRow,
  type WriteOperation,
} from "@live-orders/store/write-plan";
import { z } from "zod";
import type { Run } from "./database.ts";
import { nowSchema } from "./feed-state.ts";
import { claimKey, keepPlan } from "./idempotency-keys.ts";
import { millisecondsOf, ORDER_COLUMNS, orderOf, orderRowSchema } from "./order-image.ts";
import { positionOf } from "./postgres-position.ts";
import { isAnswer, isMissing, isRetriable } from "./server-error.ts";
import { type KeptPlan, keptPlanOf } from "./write-results.ts";

/** The table was dropped or replaced, and this transaction has seen it before anybody set it up again. */
class TableReplacedError extends Error {}

/** What a transaction has come to: its changes are numbered, and can be read from here on. */
export type Committed =
  /** The answer is kept under the request's key, this one's or an earlier one's. */
  | { readonly kind: "kept" }
  /** `transaction`: its id, null if it has written nothing. */
  | { readonly kind: "planned"; readonly plan: KeptPlan; readonly transaction: string | null };

/** One try to carry out a request. */
export class OrderTransaction {
  #committing = false;

  async carryOut(run: Run, { operations, idempotency }: WriteRequest): Promise<Committed> {
    await run("BEGIN", [], z.unknown());
    const claimed = idempotency === undefined || (await claimKey(run, idempotency));
    const planned = claimed ? await writeAll(run, operations) : null;
    if (planned && idempotency) await keepPlan(run, idempotency.key, planned.plan);
    this.#committing = true;
    await run("COMMIT", [], z.unknown());
    return planned && !idempotency ? { kind: "planned", ...planned } : { kind: "kept" };
  }

  /** Whether it is sure that nothing was committed, and another try may fare better. */
  mayBeRepeatedAfter(error: unknown): boolean {
    if (error instanceof StoreUnavailableError) return false;
    if (isRetriable(error)) return true;
    if (this.#committing) return false;
    return !isAnswer(error) || needsMending(error);
  }
}

export const needsMending = (error: unknown): boolean =>
  isMissing(error) || error instanceof TableReplacedError;

async function writeAll(
  run: Run,
  operations: readonly WriteOperation[],
): Promise<{ plan: KeptPlan; transaction: string | null }> {
  const { rows, now } = await beginWrite(run, operations);
  const plan = planWrites(operations, rows, now.new_ids, now.clock_ms);
  const transaction = plan.writes.length === 0 ? null : await writeOrders(run, plan.writes);
  return { plan: keptPlanOf(plan, positionOf(now.now_seq)), transaction };
}

const BEGIN_WRITE = `SELECT ${ORDER_COLUMNS}, generation, seq AS now_seq, current,
    ${millisecondsOf("clock")} AS clock_ms, new_ids
  FROM live_orders.begin_write($1, $2)`;

const begunSchema = z.object({ ...nowSchema.shape, clock_ms: z.number(), new_ids: z.array(z.int()) });
const beginWriteSchema = z.union([orderRowSchema, begunSchema]);

interface Begun {
  /** The orders that the operations name, locked. */
  readonly rows: ReadonlyMap<number, StandingRow>;
  readonly now: z.infer<typeof begunSchema>;
}

async function beginWrite(run: Run, operations: readonly WriteOperation[]): Promise<Begun> {
  const named = new Set(operations.flatMap((operation) => (operation.op === "create" ? [] : [operation.id])));
  const creates = operations.filter(({ op }) => op === "create").length;
  const answer = await run(BEGIN_WRITE, [creates, Array.from(named)], beginWriteSchema);
  const rows = new Map<number, StandingRow>();
  let now: Begun["now"] | null = null;
  for (const row of answer) {
    if ("id" in row) rows.set(row.id, orderOf(row) ?? "broken");
    else now = row;
  }
  if (now?.current !== true) throw new TableReplacedError("the table orders was replaced");
  return { rows, now };
}

const WRITE = `SELECT live_orders.write_orders(
  $1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])::text AS transaction`;

async function writeOrders(run: Run, writes: readonly PlannedWrite[]): Promise<string | null> {
  const orders = writes.map((write) => (write.kind === "delete" ? write.before : write.after));
  const columns = [
    writes.map(({ kind }) => kind),
    orders.map(({ id }) => id),
    orders.map(({ customer_name }) => customer_name),
    orders.map(({ product_name }) => product_name),
    orders.map(({ status }) => status),
    orders.map(({ updated_at }) => updated_at),
  ];
  const [row] = await run(WRITE, columns, z.object({ transaction: z.string() }));
  return row?.transaction ?? null;
}
