import type { LiveOrders, PendingWrite, RowId } from "@live-orders/client/live-orders";
import { sameOrder } from "@live-orders/client/order-ledger";
import type { Order, OrderFields, OrderPatch } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { STATUS_LOOK } from "../status/status-look.ts";
import type { Toasts } from "../ui/toasts.ts";
import { createDeedFollower, type Review } from "./deed.ts";
import type { TableRows } from "./table-rows.ts";
import type { UndoStack } from "./undo-stack.ts";

/** What a person may do to one order. Each shows at once, says why when it fails, and can be undone. */
export interface OrderActions {
  readonly create: (fields: OrderFields) => PendingWrite;
  /** `base`: the order as the person saw it when they began. */
  readonly edit: (id: RowId, patch: OrderPatch, base: Order) => void;
  readonly move: (id: RowId, status: Status) => void;
  readonly remove: (id: RowId) => void;
  /** Puts a deleted order back under its id. */
  readonly restore: (order: Order) => void;
  /** Makes the order say again what it said then. */
  readonly restoreVersion: (then: Order, now: Order | null) => void;
  readonly undo: () => void;
  /** Opens what was refused in this row, and takes the word about it off. */
  readonly review: (id: RowId) => void;
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

/** What `then` says otherwise than `now`. */
const changedFields = (then: Order, now: Order): OrderPatch => ({
  ...(then.customer_name !== now.customer_name && { customer_name: then.customer_name }),
  ...(then.product_name !== now.product_name && { product_name: then.product_name }),
  ...(then.status !== now.status && { status: then.status }),
});

export function createOrderActions({ live, rows, toasts, undos, review }: Parts): OrderActions {
  const follow = createDeedFollower({ toasts, undos, review });

  const edit = (id: RowId, patch: OrderPatch, base: Order | null, done: string | null) => {
    const before = live.row(id)?.order ?? base;
    if (patch.status !== undefined) rows.expectMove(id, patch.status);
    const takeBack = (made: Order | null) => {
      if (before === null) return;
      edit(id, inverseOf(patch, before), made, null);
    };
    follow({
      write: live.edit(id, patch, base === null ? {} : { base }),
      id,
      mine: patch,
      done: (real) => done ?? `${nameOf(real)} is as it was before`,
      failed: `${nameOf(id)} was not saved`,
      takeBack: done === null || before === null ? null : takeBack,
    });
  };

  const restore = (order: Order, isUndo: boolean) => {
    follow({
      write: live.restore(order),
      id: order.id,
      mine: null,
      done: (id) => `${nameOf(id)} put back`,
      failed: `${nameOf(order.id)} was not put back`,
      takeBack: isUndo
        ? null
        : (made) => {
            remove(order.id, made, true);
          },
    });
  };

  const remove = (id: RowId, base: Order | null, isUndo: boolean) => {
    const before = live.row(id)?.order;
    rows.expectMove(id, "deleted");
    follow({
      write: live.remove(id, base === null ? {} : { base }),
      id,
      mine: null,
      done: (real) => `${nameOf(real)} deleted`,
      failed: `${nameOf(id)} was not deleted`,
      takeBack: isUndo
        ? null
        : (made) => {
            const order = made ?? before;
            if (order !== undefined) restore(order, true);
          },
    });
  };

  return {
    create(fields) {
      const write = live.create(fields);
      follow({
        write,
        id: "new",
        mine: fields,
        done: (id) => `${nameOf(id)} created`,
        failed: "The order was not created",
        takeBack: (made) => {
          remove(made?.id ?? write.id, made, true);
        },
      });
      return write;
    },
    edit: (id, patch, base) => {
      const now = live.row(id)?.order;
      // What the list holds may have a write on its way laid over it, which this one then follows.
      const isAsSeen = now !== undefined && sameOrder(now, base);
      edit(id, patch, isAsSeen ? null : base, `${nameOf(id)} saved`);
    },
    move: (id, status) => {
      edit(id, { status }, null, `${nameOf(id)} moved to ${STATUS_LOOK[status].label}`);
    },
    remove: (id) => {
      remove(id, null, false);
    },
    restore: (order) => {
      restore(order, false);
    },
    restoreVersion(then, now) {
      if (now === null) {
        restore(then, false);
        return;
      }
      const base = live.row(now.id) === undefined ? now : null;
      edit(now.id, changedFields(then, now), base, `${nameOf(now.id)} is as it was then`);
    },
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
