import type { ReactNode } from "react";
import classes from "./button.module.css";

interface ButtonProps {
  readonly kind?: "primary" | "plain";
  readonly type?: "button" | "submit";
  /** What it does is under way: it cannot be pressed again. */
  readonly busy?: boolean;
  readonly children: ReactNode;
  readonly onClick?: () => void;
}

export function Button({ kind = "plain", type = "button", busy = false, children, onClick }: ButtonProps) {
  return (
    <button
      type={type}
      className={classes.button}
      data-kind={kind}
      disabled={busy}
      aria-busy={busy}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
