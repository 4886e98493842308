import { describeError, problemSlug } from "@live-orders/client/api-error";
import type { BulkOutcome } from "@live-orders/client/bulk-writes";
import type { RowId, WriteOutcome } from "@live-orders/client/live-orders";
import type { Order } from "@live-orders/protocol/order";
import { counted, grouped } from "../ui/grouped-number.ts";
import { failureWord } from "./failure-word.ts";

/** What a bulk write came to: the rows that were not written stay with their reason. */
export interface BulkReport {
  readonly done: number;
  readonly failed: ReadonlyMap<RowId, string>;
}

const ofRow = (outcome: BulkOutcome | undefined): string | null => {
  if (outcome === undefined) return "there was no answer";
  if (outcome.kind === "failed") return describeError(outcome.error);
  const { problem } = outcome.result;
  if (problem === undefined) return null;
  const slug = problemSlug({ kind: "problem", problem, retryAfter: null });
  if (slug === "not-found") return "the order was deleted meanwhile";
  if (slug === "stale") return "somebody else changed it meanwhile";
  return problem.detail === "" ? problem.title : problem.detail;
};

function report(ids: readonly RowId[], reasons: readonly (string | null)[]): BulkReport {
  const failed = new Map<RowId, string>();
  ids.forEach((id, index) => {
    const why = reasons[index] ?? null;
    if (why !== null) failed.set(id, why);
  });
  return { done: ids.length - failed.size, failed };
}

/** Of the bulk route's answers, one for each id. */
export const reportOf = (ids: readonly RowId[], outcomes: readonly BulkOutcome[]): BulkReport =>
  report(
    ids,
    ids.map((_id, index) => ofRow(outcomes[index])),
  );

/** Of writes that were made one by one. */
export const reportOfWrites = (ids: readonly RowId[], outcomes: readonly WriteOutcome[]): BulkReport =>
  report(
    ids,
    outcomes.map((outcome) => (outcome.ok ? null : failureWord(outcome.failure))),
  );

/** The order as its operation left it; null if that was not done. */
export const madeBy = (outcome: BulkOutcome | undefined): Order | null =>
  outcome?.kind === "answered" && outcome.result.problem === undefined
    ? (outcome.result.order ?? null)
    : null;

/** "8 of 10 orders moved to Shipped; 2 not: the order was deleted meanwhile". */
export function reportWord({ done, failed }: BulkReport, deed: string): string {
  const total = done + failed.size;
  if (failed.size === 0) return `${counted(total, "order")} ${deed}`;
  const [why = ""] = failed.values();
  return `${grouped(done)} of ${counted(total, "order")} ${deed}; ${grouped(failed.size)} not: ${why}`;
}
