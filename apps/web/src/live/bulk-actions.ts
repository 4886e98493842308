import { describeError } from "@live-orders/client/api-error";
import type { BulkOutcome } from "@live-orders/client/bulk-writes";
import type { LiveOrders, RowId } from "@live-orders/client/live-orders";
import type { BulkOperationInput } from "@live-orders/client/orders-api";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { STATUS_LOOK } from "../status/status-look.ts";
import { counted, grouped } from "../ui/grouped-number.ts";
import type { Toasts } from "../ui/toasts.ts";
import type { TableRows } from "./table-rows.ts";
import type { UndoStack } from "./undo-stack.ts";

/** What a bulk write came to: the rows that were not written stay with their reason. */
export interface BulkReport {
  readonly done: number;
  readonly failed: ReadonlyMap<RowId, string>;
}

/** Many orders at once, over the bulk route. */
export interface BulkActions {
  move(ids: readonly RowId[], status: Status, onProgress: (done: number) => void): Promise<BulkReport>;
  remove(ids: readonly RowId[], onProgress: (done: number) => void): Promise<BulkReport>;
}

interface Parts {
  readonly live: LiveOrders;
  readonly rows: Pick<TableRows, "expectMove">;
  readonly toasts: Toasts;
  readonly undos: UndoStack;
}

const ofRow = (outcome: BulkOutcome | undefined): string | null => {
  if (outcome === undefined) return "there was no answer";
  if (outcome.kind === "failed") return describeError(outcome.error);
  const { problem } = outcome.result;
  if (problem === undefined) return null;
  return problem.detail === "" ? problem.title : problem.detail;
};

export function reportOf(ids: readonly RowId[], outcomes: readonly BulkOutcome[]): BulkReport {
  const failed = new Map<RowId, string>();
  ids.forEach((id, index) => {
    const why = ofRow(outcomes[index]);
    if (why !== null) failed.set(id, why);
  });
  return { done: ids.length - failed.size, failed };
}

/** "8 of 10 orders moved to Shipped; 2 were not: the order has changed". */
export function reportWord({ done, failed }: BulkReport, deed: string): string {
  const total = done + failed.size;
  if (failed.size === 0) return `${counted(total, "order")} ${deed}`;
  const [why = ""] = failed.values();
  return `${grouped(done)} of ${counted(total, "order")} ${deed}; ${grouped(failed.size)} not: ${why}`;
}

export function createBulkActions({ live, rows, toasts, undos }: Parts): BulkActions {
  const run = async (
    before: readonly Order[],
    operations: readonly BulkOperationInput[],
    deed: string,
    inverse: (order: Order) => BulkOperationInput,
    onProgress: (done: number) => void,
  ): Promise<BulkReport> => {
    const ids = before.map(({ id }) => id);
    if (ids.length === 0) {
      toasts.show({ text: "There is nothing to change" });
      return { done: 0, failed: new Map() };
    }
    const report = reportOf(ids, await live.bulk(operations, onProgress));
    const back = before.filter(({ id }) => !report.failed.has(id));
    const undoable = {
      run: () => {
        void live.bulk(back.map(inverse)).then((outcomes) => {
          const undone = reportOf(
            back.map(({ id }) => id),
            outcomes,
          );
          toasts.show({ text: reportWord(undone, "put back as before") });
        });
      },
    };
    if (back.length > 0) undos.push(undoable);
    toasts.show({
      tone: report.failed.size > 0 ? "failure" : "plain",
      text: reportWord(report, deed),
      action: back.length > 0 ? { label: "Undo", run: () => undos.undo(undoable) } : null,
    });
    return report;
  };

  const present = (ids: readonly RowId[]): Order[] =>
    ids.flatMap((id) => {
      const row = live.row(id);
      return row === undefined || id < 0 ? [] : [row.order];
    });

  return {
    move(ids, status, onProgress) {
      const before = present(ids).filter((order) => order.status !== status);
      for (const { id } of before) rows.expectMove(id, status);
      return run(
        before,
        before.map(({ id }) => ({ op: "patch", id, order: { status } })),
        `moved to ${STATUS_LOOK[status].label}`,
        (order) => ({ op: "patch", id: order.id, order: { status: order.status } }),
        onProgress,
      );
    },
    remove(ids, onProgress) {
      const before = present(ids);
      for (const { id } of before) rows.expectMove(id, "deleted");
      return run(
        before,
        before.map(({ id }) => ({ op: "delete", id })),
        "deleted",
        ({ id, ...order }) => ({ op: "put", id, order }),
        onProgress,
      );
    },
  };
}
