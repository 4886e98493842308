import { createHash } from "node:crypto";
import { idempotencyKeySchema } from "@live-orders/protocol/change";
import type { OrderStore, WriteRequest } from "@live-orders/store/order-store";
import type { WriteOperation, WriteResult } from "@live-orders/store/write-plan";
import type { Request } from "express";
import { inTime } from "../http/deadline.ts";
import { invalid, ProblemError } from "../http/problem-error.ts";

/** What an `Idempotency-Key` belongs to: an equal route and an equal body make it the same request. */
export interface Identity {
  /** Method and path: `PATCH /api/orders/7`. */
  readonly route: string;
  /** As it was understood: neither spaces nor the order of its fields count. */
  readonly body: unknown;
}

/**
 * Carries out the writes of a request, once for each `Idempotency-Key`.
 *
 * @throws ProblemError `key-conflict`; `validation` for a key that is none
 */
export async function write(
  store: OrderStore,
  request: Request,
  identity: Identity,
  operations: readonly WriteOperation[],
): Promise<readonly WriteResult[]> {
  const answer = await inTime(store.write({ operations, ...idempotency(request, identity) }));
  if (answer.kind === "done") return answer.results;
  throw new ProblemError("key-conflict", {
    detail: "This Idempotency-Key was used for another request: take a new key",
  });
}

function idempotency(request: Request, identity: Identity): Pick<WriteRequest, "idempotency"> {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return {};
  const parsed = idempotencyKeySchema.safeParse(key);
  if (!parsed.success) throw invalid("Idempotency-Key", "must be 1 to 128 visible ASCII characters");
  return { idempotency: { key: parsed.data, fingerprint: fingerprint(identity) } };
}

const fingerprint = ({ route, body }: Identity): string =>
  createHash("sha256")
    .update(`${route}\n${canonical(body)}`)
    .digest("hex");

/** JSON with each object's keys sorted. Checked operations are a few levels deep. */
const canonical = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [key, sorted(part)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Carries out the one write of a request. A precondition is no part of what its key stands for: whoever repeats a
 * write may have read the order anew.
 */
export async function writeOne(
  store: OrderStore,
  request: Request,
  operation: WriteOperation,
): Promise<WriteResult> {
  const path = "id" in operation ? `/api/orders/${operation.id}` : "/api/orders";
  const body = "order" in operation ? operation.order : null;
  const identity = { route: `${request.method} ${path}`, body };
  const [result] = await write(store, request, identity, [operation]);
  if (result === undefined) throw new TypeError("the store gave no result");
  return result;
}
