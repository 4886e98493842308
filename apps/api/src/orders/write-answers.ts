import { etagOf } from "@live-orders/protocol/etag";
import type { BulkResult, OrderAnswer } from "@live-orders/protocol/http-orders";
import { PROBLEMS } from "@live-orders/protocol/problem";
import type { WriteOperation, WriteResult } from "@live-orders/store/write-plan";
import type { Response } from "express";
import { problemBody } from "../http/answer-problem.ts";
import { ProblemError } from "../http/problem-error.ts";

/** 201 for what makes an order, else 200. */
const statusOf = (operation: WriteOperation): number =>
  operation.op === "create" || operation.op === "put" ? 201 : 200;

/** Null for a write that was carried out, or that had nothing to change. */
function problemOf(result: WriteResult, operation: WriteOperation): ProblemError | null {
  switch (result.kind) {
    case "written":
    case "unchanged":
      return null;
    case "not-found":
      return notFound("id" in operation ? operation.id : 0);
    case "stale":
      return new ProblemError("stale", {
        detail:
          operation.op === "put" ? "An order stands under this id" : "The order is not the one you read",
        ...(result.current === null ? {} : { current: result.current }),
      });
  }
}

export const notFound = (id: number): ProblemError =>
  new ProblemError("not-found", { detail: `There is no order ${id}` });

/** @throws ProblemError `not-found` or `stale` */
export function answerWrite(response: Response, operation: WriteOperation, result: WriteResult): void {
  if (result.kind !== "written" && result.kind !== "unchanged") {
    throw problemOf(result, operation) ?? new TypeError(`no problem for ${result.kind}`);
  }
  const { order, position } = result;
  const status = statusOf(operation);
  if (status === 201) response.set("Location", `/api/orders/${order.id}`);
  if (operation.op !== "delete") response.set("ETag", etagOf(order));
  response.status(status).json({ order, position } satisfies OrderAnswer);
}

/** One result of a bulk, with the same status and problem as the operation would have had alone. */
export function bulkResult(operation: WriteOperation, result: WriteResult, requestId: string): BulkResult {
  if (result.kind === "written" || result.kind === "unchanged") {
    return { status: statusOf(operation), order: result.order, position: result.position };
  }
  const problem = problemOf(result, operation);
  if (problem === null) throw new TypeError(`no problem for ${result.kind}`);
  const { slug, details } = problem;
  return { status: PROBLEMS[slug].status, problem: problemBody(slug, details, requestId) };
}
