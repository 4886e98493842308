import { Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { isPhone } from "../ui/is-phone.ts";
import { OrderFieldInputs } from "./order-fields.tsx";
import {
  conflictsOf,
  errorsOf,
  FIELDS,
  type FieldErrors,
  type FieldName,
  type OrderDraft,
} from "./order-draft.ts";
import classes from "./order-form.module.css";

interface OrderFormProps {
  readonly draft: OrderDraft;
  readonly submitLabel: string;
  /** What the server had to say about the fields. */
  readonly refusals: FieldErrors;
  /** When others changed the field last, in ms since 1970; for an order that others may change. */
  readonly theirsAt?: (field: FieldName) => number;
  readonly children?: ReactNode;
  /** Stands below the fields. */
  readonly story?: ReactNode;
  readonly onChange: (draft: OrderDraft) => void;
  readonly onSubmit: (draft: OrderDraft) => void;
  readonly onCancel: () => void;
  readonly onRemove?: () => void;
}

/** Errors show once the person has tried to save, or from the server, and go as they are mended. */
export function OrderForm(props: OrderFormProps) {
  const { draft, submitLabel, refusals, children, story, onChange, onSubmit, onCancel, onRemove } = props;
  const [tried, setTried] = useState(false);
  const errors = tried ? errorsOf(draft) : refusals;
  const hasConflicts = conflictsOf(draft).length > 0;

  /** Who has chosen after they pressed "Save" need not press it again. */
  const resolve = (next: OrderDraft) => {
    onChange(next);
    const isClear = conflictsOf(next).length === 0 && Object.keys(errorsOf(next)).length === 0;
    if (tried && isClear) onSubmit(next);
  };

  const submit = (form: HTMLFormElement) => {
    setTried(true);
    const wrong = errorsOf(draft);
    const first = FIELDS.find((field) => wrong[field] !== undefined);
    if (first !== undefined) form.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else if (!hasConflicts) onSubmit(draft);
  };

  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      {children}
      <OrderFieldInputs
        draft={draft}
        errors={errors}
        theirsAt={props.theirsAt ?? (() => 0)}
        // On a phone the keyboard would cover what a person came to see.
        autoFocus={!isPhone() || onRemove === undefined}
        onChange={onChange}
        onResolve={resolve}
      />
      {tried && hasConflicts && (
        <p className={classes.notice} role="alert">
          Choose mine or theirs for each field first.
        </p>
      )}
      {story}
      <div className={classes.foot}>
        {onRemove !== undefined && (
          <button type="button" className={classes.remove} onClick={onRemove}>
            <Trash2 size={15} aria-hidden />
            Delete
          </button>
        )}
        <span className={classes.spacer} />
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" kind="primary">
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
