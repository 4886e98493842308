import { DEFAULT_RANGE } from "@live-orders/protocol/http-activity";
import { getRouteApi } from "@tanstack/react-router";
import { ActivityBoard } from "../activity/activity-board.tsx";
import { RangePicker } from "../activity/range-picker.tsx";
import { StaleBar } from "../connection/stale-bar.tsx";
import classes from "./activity-page.module.css";
import { useTitle } from "./use-title.ts";

const route = getRouteApi("/activity");

/** What happens to the orders as a whole. */
export function ActivityPage() {
  const { range = DEFAULT_RANGE } = route.useSearch();
  const navigate = route.useNavigate();
  useTitle("Activity");
  return (
    <main className={classes.page}>
      <div className={classes.scroll}>
        <header className={classes.head}>
          <h1 className={classes.title}>Activity</h1>
          <RangePicker
            range={range}
            onPick={(next) => {
              void navigate({ search: next === DEFAULT_RANGE ? {} : { range: next } });
            }}
          />
        </header>
        <ActivityBoard key={range} range={range} />
      </div>
      <StaleBar what="the figures" />
    </main>
  );
}
