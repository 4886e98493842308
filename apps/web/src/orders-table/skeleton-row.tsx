import classes from "./orders-table.module.css";
import { COLUMNS } from "./grid-columns.ts";

/** A row that is not read yet. */
export function SkeletonRow({ index, top }: { readonly index: number; readonly top: number }) {
  return (
    <div
      role="row"
      className={classes.skeleton}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-busy
    >
      {COLUMNS.map((column) => (
        <span key={column} role="gridcell" className={classes.bone} />
      ))}
    </div>
  );
}
