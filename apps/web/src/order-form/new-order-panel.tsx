import type { OrderFields } from "@live-orders/protocol/order";
import { useState } from "react";
import type { Review } from "../live/deed.ts";
import { SidePanel } from "../ui/side-panel.tsx";
import { OrderForm } from "./order-form.tsx";
import { patchOf, startDraft } from "./order-draft.ts";
import { RefusalNotice, refusedFields } from "./refusal-notice.tsx";

interface NewOrderPanelProps {
  readonly review: Review | null;
  readonly onCreate: (fields: OrderFields) => void;
  readonly onClose: () => void;
}

export function NewOrderPanel({ review, onCreate, onClose }: NewOrderPanelProps) {
  const [draft, setDraft] = useState(() => startDraft(null, review?.mine));
  return (
    <SidePanel title="New order" onClose={onClose}>
      <OrderForm
        draft={draft}
        submitLabel="Create order"
        refusals={refusedFields(review)}
        onChange={setDraft}
        onCancel={onClose}
        onSubmit={(done) => {
          onCreate({ ...done.base, ...patchOf(done) });
        }}
      >
        <RefusalNotice review={review} />
      </OrderForm>
    </SidePanel>
  );
}
