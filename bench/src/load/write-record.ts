import { STATUSES, type Status } from "@live-orders/protocol/status";
import { z } from "zod";

/** One write as the load made it. */
export interface WriteRecord {
  /** What a client knows the change by. */
  readonly key: number;
  /** Just before the write, by the machine's clock, in ms. */
  readonly at: number;
  /** The order's status before; null for an insert. */
  readonly from: Status | null;
  /** The order's status after; null for a delete. */
  readonly to: Status | null;
}

/**
 * Every write gives its order an `updated_at` of its own, so that whoever is shown the state knows which write made it,
 * whatever else the message carries. A delete is known by its order's id, which is not used again.
 */
const EPOCH = Date.UTC(2020, 0, 1);

export const updatedAtOf = (sequence: number): Date => new Date(EPOCH + sequence);
export const keyOfState = (updatedAt: string): number => Date.parse(updatedAt) - EPOCH;
export const keyOfDelete = (id: number): number => -id;

/** How many writes they are, in columns: a million objects would take long to pass on. */
export const writeColumnsSchema = z.object({
  keys: z.instanceof(Float64Array),
  at: z.instanceof(Float64Array),
  from: z.instanceof(Int8Array),
  to: z.instanceof(Int8Array),
});
export type WriteColumns = z.infer<typeof writeColumnsSchema>;

const codeOf = (status: Status | null): number => (status === null ? -1 : STATUSES.indexOf(status));

export function columnsOf(records: readonly WriteRecord[]): WriteColumns {
  return {
    keys: Float64Array.from(records, ({ key }) => key),
    at: Float64Array.from(records, ({ at }) => at),
    from: Int8Array.from(records, ({ from }) => codeOf(from)),
    to: Int8Array.from(records, ({ to }) => codeOf(to)),
  };
}

export function recordsOf({ keys, at, from, to }: WriteColumns): WriteRecord[] {
  return Array.from(keys, (key, index) => ({
    key,
    at: at[index] ?? Number.NaN,
    from: STATUSES[from[index] ?? -1] ?? null,
    to: STATUSES[to[index] ?? -1] ?? null,
  }));
}
