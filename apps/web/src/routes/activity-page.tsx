import classes from "./activity-page.module.css";
import { useTitle } from "./use-title.ts";

/** What happens to the orders as a whole. */
export function ActivityPage() {
  useTitle("Activity");
  return (
    <main className={classes.page}>
      <h1 className={classes.title}>Activity</h1>
    </main>
  );
}
