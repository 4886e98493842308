import { TableState } from "../orders-table/table-state.tsx";
import { Button } from "../ui/button.tsx";
import classes from "../orders-table/table-state.module.css";

/** A fault of the page itself: nothing that was saved is touched by it. */
export function PageFailure({ why }: { readonly why: string }) {
  return (
    <TableState title="The page has failed" tone="failure">
      <p>{why}</p>
      <p>Your orders are safe. What was not saved yet may have to be typed again.</p>
      <div className={classes.buttons}>
        <Button
          kind="primary"
          onClick={() => {
            location.reload();
          }}
        >
          Load it again
        </Button>
      </div>
    </TableState>
  );
}
