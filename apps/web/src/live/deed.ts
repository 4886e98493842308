import type { PendingWrite, RowId, WriteFailure, WriteOutcome } from "@live-orders/client/live-orders";
import type { Order, OrderPatch } from "@live-orders/protocol/order";
import type { Toasts } from "../ui/toasts.ts";
import { failureWord } from "./failure-word.ts";
import type { UndoStack } from "./undo-stack.ts";

/** Where a person looks again at what was refused. */
export interface Review {
  readonly id: RowId | "new";
  readonly mine: OrderPatch;
  readonly failure: WriteFailure;
}

/** A write, what it is called, and how it is taken back; `made`: the order as the write left it, once that is known. */
export interface Deed {
  readonly write: PendingWrite;
  readonly id: RowId | "new";
  readonly mine: OrderPatch | null;
  readonly done: (id: RowId) => string;
  readonly failed: string;
  /** Null for a deed that takes another back. */
  readonly takeBack: ((made: Order | null) => void) | null;
}

interface Parts {
  readonly toasts: Toasts;
  readonly undos: UndoStack;
  readonly review: (review: Review) => void;
}

/** Tells how each deed ended. It can be undone from the moment it shows, also while it waits for the connection. */
export function createDeedFollower({ toasts, undos, review }: Parts): (deed: Deed) => void {
  const tell = ({ id, failed, mine }: Deed, failure: WriteFailure) => {
    const action =
      mine === null || failure.kind === "gone"
        ? null
        : {
            label: failure.kind === "conflict" ? "Review" : "Edit again",
            run: () => {
              review({ id, mine, failure });
            },
          };
    toasts.show({ tone: "failure", text: `${failed}: ${failureWord(failure)}.`, action });
  };

  return (deed) => {
    let made: Order | null = null;
    const undoable = {
      run: () => {
        deed.takeBack?.(made);
      },
    };
    if (deed.takeBack !== null) undos.push(undoable);
    void deed.write.done.then((outcome: WriteOutcome) => {
      if (!outcome.ok) {
        undos.drop(undoable);
        tell(deed, outcome.failure);
        return;
      }
      made = outcome.order;
      const action = deed.takeBack && { label: "Undo", run: () => undos.undo(undoable) };
      toasts.show({ text: deed.done(outcome.order.id), action });
    });
  };
}
