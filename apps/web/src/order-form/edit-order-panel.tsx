import type { RowId } from "@live-orders/client/live-orders";
import type { Order, OrderFields } from "@live-orders/protocol/order";
import { useState } from "react";
import { fieldChangedAt } from "../order-story/field-changed-at.ts";
import { OrderTimeline } from "../order-story/order-timeline.tsx";
import { useOrderStory } from "../order-story/use-order-story.ts";
import type { Review } from "../live/deed.ts";
import type { OrderActions } from "../live/order-actions.ts";
import { exactTime, relativeTime } from "../ui/relative-time.ts";
import { SidePanel } from "../ui/side-panel.tsx";
import { useNow } from "../ui/use-now.ts";
import { OrderForm } from "./order-form.tsx";
import { patchOf, receive, startDraft, type OrderDraft } from "./order-draft.ts";
import classes from "./order-form.module.css";
import { RefusalNotice, refusedFields } from "./refusal-notice.tsx";

interface EditOrderPanelProps {
  readonly id: RowId;
  /** As it stands now; null when it was deleted. */
  readonly order: Order | null;
  /** As it stood when it was last seen. */
  readonly last: Order;
  readonly review: Review | null;
  readonly actions: OrderActions;
  readonly onClose: () => void;
}

/** Changes by others come into the fields that were not touched; what is typed stays. */
export function EditOrderPanel({ id, order, last, review, actions, onClose }: EditOrderPanelProps) {
  const [typed, setTyped] = useState(() => startReview(last, review));
  const draft = receive(typed, order ?? last);
  const told = useOrderStory(id);
  const now = useNow(10);

  const save = (fields: OrderFields, patch: Partial<OrderFields>) => {
    onClose();
    if (order === null) actions.restore({ ...last, ...fields });
    else if (Object.keys(patch).length > 0) actions.edit(id, patch, order);
  };

  return (
    <SidePanel title={`Order #${id}`} onClose={onClose}>
      <OrderForm
        draft={draft}
        submitLabel={order === null ? "Put it back" : "Save"}
        refusals={refusedFields(review)}
        // Where there is no history, the order's own date is the latest that it can have been.
        theirsAt={(field) =>
          fieldChangedAt(told.state.changes, field) ?? Date.parse((order ?? last).updated_at)
        }
        story={
          <OrderTimeline
            id={id}
            told={told}
            order={order}
            onRestore={(then) => {
              actions.restoreVersion(then, order);
            }}
          />
        }
        onChange={setTyped}
        onCancel={onClose}
        onSubmit={(done) => {
          const patch = patchOf(done);
          save({ ...done.theirs, ...patch }, patch);
        }}
        {...(order !== null && {
          onRemove: () => {
            onClose();
            actions.remove(id);
          },
        })}
      >
        <RefusalNotice review={review} />
        {order === null ? (
          <p className={classes.notice} data-tone="failure" role="alert">
            This order was deleted. You can put it back under its number.
          </p>
        ) : (
          <p className={classes.meta} title={exactTime(Date.parse(order.updated_at))}>
            Updated {relativeTime(Date.parse(order.updated_at), now)}
          </p>
        )}
      </OrderForm>
    </SidePanel>
  );
}

/** The fields as they were typed when the write was refused, or as the order stands. */
function startReview(last: Order, review: Review | null): OrderDraft {
  if (review?.failure.kind !== "conflict") return startDraft(last, review?.mine);
  return startDraft(review.failure.base, review.mine, review.failure.madeAt);
}
