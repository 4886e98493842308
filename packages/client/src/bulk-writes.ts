import { MAX_BODY, MAX_BULK_OPERATIONS, type BulkResult } from "@live-orders/protocol/http-orders";
import type { ApiError } from "./api-error.ts";
import type { BulkOperationInput, OrdersApi } from "./orders-api.ts";

/** What became of one operation. */
export type BulkOutcome =
  | { readonly kind: "answered"; readonly result: BulkResult }
  /** Its request failed: none of the request's operations is known to be done. */
  | { readonly kind: "failed"; readonly error: ApiError };

/** A request is often repeated before it is given up: bulk writes are worth a wait. */
const TRIES = 8;

/**
 * Sends operations in as few requests as the contract allows (1,000 operations and 2 MiB each), one after another.
 * `onAnswer` is told of each request's outcomes, with the index of the first.
 */
export async function sendBulk(
  api: OrdersApi,
  operations: readonly BulkOperationInput[],
  onAnswer: (from: number, outcomes: readonly BulkOutcome[]) => void = () => undefined,
): Promise<readonly BulkOutcome[]> {
  const outcomes: BulkOutcome[] = [];
  for (const part of bulkParts(operations)) {
    const answer = await api.bulk(part, { tries: TRIES });
    const answered = part.map((_operation, index) => outcomeAt(answer, index));
    onAnswer(outcomes.length, answered);
    outcomes.push(...answered);
  }
  return outcomes;
}

function outcomeAt(answer: Awaited<ReturnType<OrdersApi["bulk"]>>, index: number): BulkOutcome {
  if (!answer.ok) return { kind: "failed", error: answer.error };
  const result = answer.value.results[index];
  if (result !== undefined) return { kind: "answered", result };
  return { kind: "failed", error: { kind: "malformed", status: 200, detail: "a result is missing" } };
}

const encoder = new TextEncoder();
/** `{"operations":[` … `]}`, with room to spare. In bytes. */
const ENVELOPE = 64;

/** The operations in the parts that fit one request each. */
export function* bulkParts(operations: readonly BulkOperationInput[]): Generator<BulkOperationInput[]> {
  let part: BulkOperationInput[] = [];
  let bytes = ENVELOPE;
  for (const operation of operations) {
    const size = encoder.encode(JSON.stringify(operation)).length + 1;
    if (part.length > 0 && (part.length >= MAX_BULK_OPERATIONS || bytes + size > MAX_BODY.bulk)) {
      yield part;
      part = [];
      bytes = ENVELOPE;
    }
    part.push(operation);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
