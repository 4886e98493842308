import type { BulkOutcome } from "@live-orders/client/bulk-writes";
import type { BulkOperationInput } from "@live-orders/client/orders-api";
import { etagOf } from "@live-orders/protocol/etag";
import { problem } from "@live-orders/protocol/problem";
import { expect, it } from "vitest";
import { createToasts } from "../ui/toasts.ts";
import { orderAt } from "./fake-live.ts";
import { HandClock } from "./hand-clock.ts";
import { makeOrders } from "./make-orders.ts";
import { createUndoStack } from "./undo-stack.ts";

const sample = { customer_name: "Ada", product_name: "Lamp" };
const made = (id: number): BulkOutcome => ({
  kind: "answered",
  result: { status: 201, order: orderAt(id, 1), position: "p1" },
});
const refusal = problem("validation", { detail: "No.", requestId: "1" });
const refused: BulkOutcome = { kind: "answered", result: { status: 400, problem: refusal } };

function setting(outcomes: readonly BulkOutcome[]) {
  const asked: (readonly BulkOperationInput[])[] = [];
  const bulk = (operations: readonly BulkOperationInput[]) => {
    asked.push(operations);
    return Promise.resolve(outcomes);
  };
  const parts = { toasts: createToasts(new HandClock()), undos: createUndoStack(), show: () => undefined };
  return { asked, parts: { ...parts, live: { bulk } } };
}

it("can be undone: the orders that were made are deleted as they were made", async () => {
  const { asked, parts } = setting([made(7), refused, made(9)]);
  const report = await makeOrders([sample, sample, sample], parts);
  expect([report.done, [...report.failed]]).toEqual([2, [[-2, "No."]]]);
  expect(parts.undos.undo()).toBe(true);
  expect(asked.at(-1)).toEqual([
    { op: "delete", id: 7, ifMatch: etagOf(orderAt(7, 1)) },
    { op: "delete", id: 9, ifMatch: etagOf(orderAt(9, 1)) },
  ]);
});

it("leaves nothing to undo when none was made", async () => {
  const { parts } = setting([refused]);
  await makeOrders([sample], parts);
  expect(parts.undos.undo()).toBe(false);
  expect(parts.toasts.list()).toEqual([]);
});
