import type { LiveOrders } from "@live-orders/client/live-orders";
import { etagOf } from "@live-orders/protocol/etag";
import type { NewOrder } from "@live-orders/protocol/order";
import type { Toasts } from "../ui/toasts.ts";
import { madeBy, reportOf, type BulkReport } from "./bulk-report.ts";
import { tellingOf } from "./bulk-telling.ts";
import type { UndoStack } from "./undo-stack.ts";

interface Parts {
  readonly live: Pick<LiveOrders, "bulk">;
  readonly toasts: Toasts;
  readonly undos: UndoStack;
  readonly show: (report: BulkReport) => void;
}

/**
 * Creates many orders, which one undo deletes again, apart from those that somebody has changed since. In the report
 * those that were not created have the numbers -1, -2 and so on.
 */
export async function makeOrders(
  orders: readonly NewOrder[],
  { live, toasts, undos, show }: Parts,
): Promise<BulkReport> {
  const tell = tellingOf({ toasts, show });
  const outcomes = await live.bulk(orders.map((order) => ({ op: "create", order })));
  const numbers = orders.map((_order, index) => -1 - index);
  const report = reportOf(numbers, outcomes);
  const made = outcomes.flatMap((outcome) => madeBy(outcome) ?? []);
  if (made.length === 0) return report;
  const ids = made.map(({ id }) => id);
  const undoable = {
    run: () => {
      const back = made.map((order) => ({ op: "delete", id: order.id, ifMatch: etagOf(order) }) as const);
      void live.bulk(back).then((undone) => {
        tell(reportOf(ids, undone), "deleted again", null);
      });
    },
  };
  undos.push(undoable);
  tell(report, "made", () => undos.undo(undoable));
  return report;
}
