import type { OrderFields } from "@live-orders/protocol/order";
import { STATUSES, statusSchema } from "@live-orders/protocol/status";
import { NativeSelect, TextInput } from "@mantine/core";
import "@mantine/core/styles/Input.layer.css";
import type { ReactNode } from "react";
import { useParts } from "../live/page-parts.tsx";
import { STATUS_LOOK } from "../status/status-look.ts";
import { ConflictChoice } from "./conflict-choice.tsx";
import {
  conflictsOf,
  keepMine,
  takeTheirs,
  typeInto,
  type FieldErrors,
  type FieldName,
  type OrderDraft,
} from "./order-draft.ts";
import classes from "./order-form.module.css";

interface OrderFieldsProps {
  readonly draft: OrderDraft;
  readonly errors: FieldErrors;
  /** When others changed the field last, in ms since 1970. */
  readonly theirsAt: (field: FieldName) => number;
  /** Whether a person begins to type at once. */
  readonly autoFocus: boolean;
  readonly onChange: (draft: OrderDraft) => void;
  /** A person chose mine or theirs. */
  readonly onResolve: (draft: OrderDraft) => void;
}

const LABELS = { customer_name: "Customer", product_name: "Product", status: "Status" } as const;

/** What a field shows of a value. */
const shownValue = (fields: OrderFields, field: FieldName): string =>
  field === "status" ? STATUS_LOOK[fields.status].label : fields[field];

export function OrderFieldInputs(props: OrderFieldsProps) {
  const { draft, errors, theirsAt, autoFocus, onChange, onResolve } = props;
  const { live } = useParts();
  const conflicts = conflictsOf(draft);
  const conflict = (field: FieldName): ReactNode =>
    conflicts.includes(field) && (
      <ConflictChoice
        mine={{ value: shownValue(draft.mine, field), at: draft.typedAt[field] ?? 0 }}
        theirs={{ value: shownValue(draft.theirs, field), at: theirsAt(field) }}
        onKeep={() => {
          onResolve(keepMine(draft, field));
        }}
        onTake={() => {
          onResolve(takeTheirs(draft, field));
        }}
      />
    );
  const name = (field: "customer_name" | "product_name") => (
    <div className={classes.field}>
      <TextInput
        label={LABELS[field]}
        name={field}
        value={draft.mine[field]}
        error={errors[field] ?? false}
        autoComplete="off"
        data-autofocus={(autoFocus && field === "customer_name") || undefined}
        onChange={(event) => {
          onChange(typeInto(draft, field, event.currentTarget.value, live.serverNow()));
        }}
      />
      {conflict(field)}
    </div>
  );
  return (
    <>
      {name("customer_name")}
      {name("product_name")}
      <div className={classes.field}>
        <NativeSelect
          label={LABELS.status}
          name="status"
          value={draft.mine.status}
          error={errors.status ?? false}
          data={STATUSES.map((status) => ({ value: status, label: STATUS_LOOK[status].label }))}
          onChange={(event) => {
            const status = statusSchema.parse(event.currentTarget.value);
            onChange(typeInto(draft, "status", status, live.serverNow()));
          }}
        />
        {conflict("status")}
      </div>
    </>
  );
}
