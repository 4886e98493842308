import type { LiveOrders, PendingWrite, RowId, WriteFailure } from "@live-orders/client/live-orders";
import type { Order, OrderFields, OrderPatch } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { STATUS_LOOK } from "../status/status-look.ts";
import type { Toasts } from "../ui/toasts.ts";
import { failureWord } from "./failure-word.ts";
import type { TableRows } from "./table-rows.ts";
import type { Undoable, UndoStack } from "./undo-stack.ts";

/** What a person may do to one order. Each shows at once, says why when it fails, and can be undone. */
export interface OrderActions {
  readonly create: (fields: OrderFields) => PendingWrite;
  /** `base`: the order as the person saw it, for one that the list does not hold. */
  readonly edit: (id: RowId, patch: OrderPatch, base?: Order) => void;
  readonly move: (id: RowId, status: Status) => void;
  readonly remove: (id: RowId) => void;
  /** Puts a deleted order back under its id. */
  readonly restore: (order: Order) => void;
  readonly undo: () => void;
  /** Opens what was refused in this row, and takes the word about it off. */
  readonly review: (id: RowId) => void;
}

/** Where a person looks again at what was refused. */
export interface Review {
  readonly id: RowId | "new";
  readonly mine: OrderPatch;
  readonly failure: WriteFailure;
}

interface Parts {
  readonly live: LiveOrders;
  readonly rows: Pick<TableRows, "expectMove">;
  readonly toasts: Toasts;
  readonly undos: UndoStack;
  readonly review: (review: Review) => void;
}

const nameOf = (id: RowId): string => (id > 0 ? `Order #${id}` : "Order");

/** The values that a patch takes the place of. */
function inverseOf(patch: OrderPatch, before: OrderFields): OrderPatch {
  const { customer_name, product_name, status } = patch;
  return {
    ...(customer_name !== undefined && { customer_name: before.customer_name }),
    ...(product_name !== undefined && { product_name: before.product_name }),
    ...(status !== undefined && { status: before.status }),
  };
}

export function createOrderActions({ live, rows, toasts, undos, review }: Parts): OrderActions {
  const offerUndo = (text: string, run: () => void) => {
    const undoable: Undoable = { run };
    undos.push(undoable);
    toasts.show({ text, action: { label: "Undo", run: () => undos.undo(undoable) } });
  };

  const tell = (id: RowId | "new", text: string, failure: WriteFailure, mine: OrderPatch | null) => {
    const label = failure.kind === "conflict" ? "Review" : "Edit again";
    const action =
      mine === null || failure.kind === "gone"
        ? null
        : {
            label,
            run: () => {
              review({ id, mine, failure });
            },
          };
    toasts.show({ tone: "failure", text: `${text}: ${failureWord(failure)}.`, action });
  };

  const edit = (id: RowId, patch: OrderPatch, base: Order | undefined, done: string | null) => {
    const before = live.row(id)?.order ?? base;
    if (patch.status !== undefined) rows.expectMove(id, patch.status);
    const seen = live.row(id) === undefined && base !== undefined ? { base } : {};
    const write = live.edit(id, patch, seen);
    void write.done.then((outcome) => {
      if (!outcome.ok) tell(id, `${nameOf(id)} was not saved`, outcome.failure, patch);
      else if (done !== null && before !== undefined) {
        const inverse = inverseOf(patch, before);
        offerUndo(done, () => {
          edit(id, inverse, undefined, null);
        });
      }
    });
  };

  const restore = (order: Order) => {
    void live.restore(order).done.then((outcome) => {
      if (!outcome.ok) tell(order.id, `${nameOf(order.id)} was not put back`, outcome.failure, null);
    });
  };

  const remove = (id: RowId, done: boolean) => {
    rows.expectMove(id, "deleted");
    void live.remove(id).done.then((outcome) => {
      if (!outcome.ok) tell(id, `${nameOf(id)} was not deleted`, outcome.failure, null);
      else if (done)
        offerUndo(`${nameOf(id)} deleted`, () => {
          restore(outcome.order);
        });
    });
  };

  return {
    create(fields) {
      const write = live.create(fields);
      void write.done.then((outcome) => {
        if (!outcome.ok) {
          tell("new", "The order was not created", outcome.failure, fields);
          return;
        }
        const { id } = outcome.order;
        offerUndo(`${nameOf(id)} created`, () => {
          remove(id, false);
        });
      });
      return write;
    },
    edit: (id, patch, base) => {
      edit(id, patch, base, `${nameOf(id)} saved`);
    },
    move: (id, status) => {
      edit(id, { status }, undefined, `${nameOf(id)} moved to ${STATUS_LOOK[status].label}`);
    },
    remove: (id) => {
      remove(id, true);
    },
    restore,
    review(id) {
      const failure = live.row(id)?.failure ?? null;
      if (failure === null) return;
      live.dismiss(id);
      review({ id, mine: failure.mine ?? {}, failure });
    },
    undo() {
      if (!undos.undo()) toasts.show({ text: "There is nothing to undo" });
    },
  };
}
