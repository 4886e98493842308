import type { ReactNode } from "react";
import classes from "./table-state.module.css";

interface TableStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly tone?: "plain" | "failure";
}

/** What stands in the place of rows when there is none. */
export function TableState({ title, tone = "plain", children }: TableStateProps) {
  return (
    <div className={classes.state} role={tone === "failure" ? "alert" : "status"}>
      <h2 className={classes.title}>{title}</h2>
      {children}
    </div>
  );
}
