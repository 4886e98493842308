import type { ReactNode } from "react";
import classes from "./icon-button.module.css";

interface IconButtonProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly onClick: () => void;
}

export function IconButton({ label, children, onClick }: IconButtonProps) {
  return (
    <button type="button" className={classes.button} aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  );
}
