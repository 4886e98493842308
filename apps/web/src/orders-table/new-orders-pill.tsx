import { ArrowUp } from "lucide-react";
import { counted } from "../ui/grouped-number.ts";
import classes from "./new-orders-pill.module.css";

/** New orders wait here while the list is held. */
export function NewOrdersPill({ count, onShow }: { readonly count: number; readonly onShow: () => void }) {
  if (count === 0) return null;
  return (
    <button type="button" className={classes.pill} data-holds data-testid="new-orders" onClick={onShow}>
      <ArrowUp size={14} aria-hidden />
      {counted(count, "new order")}
    </button>
  );
}
