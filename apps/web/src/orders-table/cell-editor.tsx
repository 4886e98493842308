import { nameSchema, type Order } from "@live-orders/protocol/order";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import classes from "./cell-editor.module.css";
import type { TextColumn } from "./grid-columns.ts";

interface CellEditorProps {
  readonly label: string;
  readonly order: Order;
  readonly column: TextColumn;
  /** `base`: the order as it stood when the person began. */
  readonly onSave: (value: string, base: Order) => void;
  readonly onCancel: () => void;
}

/**
 * Enter or leaving the cell saves, Escape gives up. What does not do as a name stays open and says why. What others
 * write into the cell meanwhile is told beneath it, and does not touch what is typed.
 */
export function CellEditor({ label, order, column, onSave, onCancel }: CellEditorProps) {
  const [base] = useState(order);
  const value = base[column];
  const [text, setText] = useState(value);
  const done = useRef(false);
  const error = nameSchema.safeParse(text).error?.issues[0]?.message ?? null;

  const save = () => {
    if (done.current || error !== null) return;
    done.current = true;
    if (text.trim() === value) onCancel();
    else onSave(text.trim(), base);
  };
  const cancel = () => {
    if (done.current) return;
    done.current = true;
    onCancel();
  };

  const leave = useEffectEvent(() => {
    if (error === null && text.trim() !== value) save();
  });
  // The row was scrolled out of the grid, and the field with it: what was typed is not lost.
  useEffect(
    () => () => {
      leave();
    },
    [],
  );

  return (
    <span className={classes.editor}>
      <input
        className={classes.input}
        aria-label={label}
        aria-invalid={error !== null}
        value={text}
        autoComplete="off"
        ref={(input) => {
          if (input === null || document.activeElement === input) return;
          input.focus({ preventScroll: true });
          input.select();
        }}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        onBlur={() => {
          if (error === null) save();
          else cancel();
        }}
        onClick={(event) => {
          event.stopPropagation();
        }}
        onDoubleClick={(event) => {
          event.stopPropagation();
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") save();
          if (event.key === "Escape") cancel();
        }}
      />
      {error !== null ? (
        <span className={classes.error} role="alert">
          {error}
        </span>
      ) : (
        order[column] !== value && (
          <span className={classes.news} role="status">
            Somebody else made it “{order[column]}”
          </span>
        )
      )}
    </span>
  );
}
