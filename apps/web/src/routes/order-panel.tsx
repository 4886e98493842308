import type { RowId } from "@live-orders/client/live-orders";
import { sameOrder } from "@live-orders/client/order-ledger";
import type { Order } from "@live-orders/protocol/order";
import { useState } from "react";
import { useOrder } from "../api/use-order.ts";
import type { Review } from "../live/deed.ts";
import type { OrderActions } from "../live/order-actions.ts";
import { useParts } from "../live/page-parts.tsx";
import { useTableVersion } from "../live/use-table-rows.ts";
import { EditOrderPanel } from "../order-form/edit-order-panel.tsx";
import { NewOrderPanel } from "../order-form/new-order-panel.tsx";
import { OrderTimeline } from "../order-story/order-timeline.tsx";
import { useOrderStory } from "../order-story/use-order-story.ts";
import { SidePanel } from "../ui/side-panel.tsx";
import classes from "./order-panel.module.css";
import { isToBeAsked, standingOrder } from "./standing-order.ts";

interface OrderPanelProps {
  readonly order: RowId | "new";
  readonly review: Review | null;
  readonly actions: OrderActions;
  readonly onClose: () => void;
}

/** The panel that the address asks for. */
export function OrderPanel({ order, review, actions, onClose }: OrderPanelProps) {
  if (order !== "new")
    return <StandingOrderPanel id={order} review={review} actions={actions} onClose={onClose} />;
  return (
    <NewOrderPanel
      review={review}
      onClose={onClose}
      onCreate={(fields) => {
        onClose();
        actions.create(fields);
      }}
    />
  );
}

interface StandingOrderPanelProps extends Omit<OrderPanelProps, "order"> {
  readonly id: RowId;
}

function StandingOrderPanel({ id, review, actions, onClose }: StandingOrderPanelProps) {
  const { api, live, rows } = useParts();
  useTableVersion(rows);
  const listed = { held: live.row(id)?.order ?? null, departure: rows.departure(id) };
  const asked = useOrder(api, id, isToBeAsked(listed));
  const [before, setBefore] = useState<Order | null>();
  const order = standingOrder({ ...listed, asked: asked.data, before });
  if (!isSame(order, before)) setBefore(order);
  const [last, setLast] = useState(order ?? null);
  if (order && !isSame(order, last)) setLast(order);
  if (last !== null) {
    return (
      <EditOrderPanel
        id={id}
        order={order ?? null}
        last={last}
        review={review}
        actions={actions}
        onClose={onClose}
      />
    );
  }
  return (
    <SidePanel title={`Order #${id}`} onClose={onClose}>
      <p className={classes.word} role="status">
        {asked.isError
          ? asked.error.message
          : asked.isPending
            ? "Reading the order …"
            : "There is no such order."}
      </p>
      {asked.data === null && (
        <GoneOrderStory
          id={id}
          onRestore={(then) => {
            actions.restoreVersion(then, null);
          }}
        />
      )}
    </SidePanel>
  );
}

const isSame = (a: Order | null | undefined, b: Order | null | undefined): boolean =>
  a && b ? sameOrder(a, b) : a === b;

interface GoneOrderStoryProps {
  readonly id: RowId;
  readonly onRestore: (then: Order) => void;
}

function GoneOrderStory({ id, onRestore }: GoneOrderStoryProps) {
  return (
    <div className={classes.story}>
      <OrderTimeline id={id} told={useOrderStory(id)} order={null} onRestore={onRestore} />
    </div>
  );
}
