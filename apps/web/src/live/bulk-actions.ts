import type { ConnectionState } from "@live-orders/client/connection-state";
import type { LiveOrders, PendingWrite, RowId } from "@live-orders/client/live-orders";
import type { BulkOperationInput } from "@live-orders/client/orders-api";
import { etagOf } from "@live-orders/protocol/etag";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { STATUS_LOOK } from "../status/status-look.ts";
import { counted, grouped } from "../ui/grouped-number.ts";
import type { Toasts } from "../ui/toasts.ts";
import { madeBy, reportOf, reportOfWrites, type BulkReport } from "./bulk-report.ts";
import { tellingOf } from "./bulk-telling.ts";
import type { TableRows } from "./table-rows.ts";
import type { UndoStack } from "./undo-stack.ts";

/** Many orders at once, over the bulk route. */
export interface BulkActions {
  move(ids: readonly RowId[], status: Status, onProgress: OnProgress): Promise<BulkReport>;
  remove(ids: readonly RowId[], onProgress: OnProgress): Promise<BulkReport>;
}

/** How many of the orders that need a write have got it. */
export interface BulkProgress {
  readonly done: number;
  readonly total: number;
}
type OnProgress = (progress: BulkProgress) => void;

interface Parts {
  readonly live: LiveOrders;
  readonly rows: Pick<TableRows, "expectMove">;
  readonly toasts: Toasts;
  readonly undos: UndoStack;
  /** Shows each row that was not written, with its reason. */
  readonly show: (report: BulkReport) => void;
}

/** So many writes wait for the connection one by one; the browser keeps them over a reload. */
const MAX_WAITING = 1000;

/** One deed to many orders. */
interface BulkDeed {
  readonly before: readonly Order[];
  /** "moved to Shipped" */
  readonly done: string;
  readonly operation: (order: Order) => BulkOperationInput;
  /** The same as a write that waits for the connection. */
  readonly write: (order: Order) => PendingWrite;
  /** What takes it back; `made` is the order as the write left it. */
  readonly inverse: (order: Order, made: Order) => BulkOperationInput;
  readonly writeBack: (order: Order) => PendingWrite;
}

const NOTHING: BulkReport = { done: 0, failed: new Map() };

const isCut = ({ kind }: ConnectionState): boolean => kind === "offline" || kind === "reconnecting";

export function createBulkActions({ live, rows, toasts, undos, show }: Parts): BulkActions {
  const tell = tellingOf({ toasts, show });

  const send = async (deed: BulkDeed, onProgress: OnProgress): Promise<BulkReport> => {
    const { before } = deed;
    const total = before.length;
    onProgress({ done: 0, total });
    const outcomes = await live.bulk(before.map(deed.operation), (done) => {
      onProgress({ done, total });
    });
    const report = reportOf(idsOf(before), outcomes);
    const back = before.flatMap((order, index) => {
      const made = madeBy(outcomes[index]);
      return made === null ? [] : [{ order, made }];
    });
    const undoable = {
      run: () => {
        const operations = back.map(({ order, made }) => deed.inverse(order, made));
        void live.bulk(operations).then((undone) => {
          tell(reportOf(idsOf(back.map(({ order }) => order)), undone), "put back as before", null);
        });
      },
    };
    if (back.length > 0) undos.push(undoable);
    tell(report, deed.done, back.length > 0 ? () => undos.undo(undoable) : null);
    return report;
  };

  /** There is no connection: each order's write waits in its own queue, and is kept over a reload. */
  const queue = ({ before, done, write, writeBack }: BulkDeed): BulkReport => {
    const writes = before.map(write);
    const undoable = {
      run: () => {
        before.map(writeBack);
      },
    };
    undos.push(undoable);
    toasts.show({ text: `${counted(before.length, "order")} will be ${done} when the connection is back` });
    void Promise.all(writes.map((one) => one.done)).then((outcomes) => {
      const report = reportOfWrites(idsOf(before), outcomes);
      if (report.done === 0) undos.drop(undoable);
      tell(report, done, report.done > 0 ? () => undos.undo(undoable) : null);
    });
    return { done: before.length, failed: new Map() };
  };

  const run = (deed: BulkDeed, onProgress: OnProgress): Promise<BulkReport> => {
    const { length } = deed.before;
    if (length === 0) {
      toasts.show({ text: "There is nothing to change" });
      return Promise.resolve(NOTHING);
    }
    if (!isCut(live.status().connection)) return send(deed, onProgress);
    if (length <= MAX_WAITING) return Promise.resolve(queue(deed));
    const text = `Without a connection ${grouped(MAX_WAITING)} orders at a time can be changed.`;
    toasts.show({ tone: "failure", text });
    return Promise.resolve({ done: 0, failed: new Map(deed.before.map(({ id }) => [id, text])) });
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
      const deed: BulkDeed = {
        before,
        done: `moved to ${STATUS_LOOK[status].label}`,
        operation: ({ id }) => ({ op: "patch", id, order: { status } }),
        write: ({ id }) => live.edit(id, { status }),
        inverse: (order, made) => ({
          op: "patch",
          id: order.id,
          order: { status: order.status },
          // What others have done since is not overwritten.
          ifMatch: etagOf(made),
        }),
        writeBack: ({ id, status: was }) => live.edit(id, { status: was }),
      };
      return run(deed, onProgress);
    },
    remove(ids, onProgress) {
      const before = present(ids);
      for (const { id } of before) rows.expectMove(id, "deleted");
      const deed: BulkDeed = {
        before,
        done: "deleted",
        operation: ({ id }) => ({ op: "delete", id }),
        write: ({ id }) => live.remove(id),
        inverse: (_order, { id, ...fields }) => ({ op: "put", id, order: fields }),
        writeBack: (order) => live.restore(order),
      };
      return run(deed, onProgress);
    },
  };
}

const idsOf = (orders: readonly Order[]): RowId[] => orders.map(({ id }) => id);
