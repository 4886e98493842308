import type { ReactNode } from "react";
import classes from "./figure-tile.module.css";

interface FigureTileProps {
  readonly name: string;
  /** Null: not known. */
  readonly figure: string | null;
  /** The same for a program that reads the page. */
  readonly testId: string;
  readonly children?: ReactNode;
}

/** One figure to be seen from afar, with what belongs to it in small. */
export function FigureTile({ name, figure, testId, children }: FigureTileProps) {
  return (
    <div className={classes.tile} data-testid={testId}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.figure}>{figure ?? "–"}</dd>
      <dd className={classes.more}>{children}</dd>
    </div>
  );
}
