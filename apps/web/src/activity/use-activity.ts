import { systemClock } from "@live-orders/client/clock";
import type { ActivityRange } from "@live-orders/protocol/http-activity";
import { STATUSES } from "@live-orders/protocol/status";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useParts } from "../live/page-parts.tsx";
import { ActivityFeed, type ActivityState } from "./activity-feed.ts";
import { LiveTimes, type TimesState } from "./live-times.ts";

interface UsedActivity {
  readonly state: ActivityState;
  readonly times: TimesState;
  readonly again: () => void;
}

/** The activity for as long as it is shown. The range stays the same: another one has another component. */
export function useActivity(range: ActivityRange): UsedActivity {
  const { api, live } = useParts();
  const [feed] = useState(() => new ActivityFeed({ range, api, live, clock: systemClock }));
  const [times] = useState(() => new LiveTimes({ range, api, live, clock: systemClock }));
  useEffect(() => {
    // The orders page may have left the feed at the orders of one status.
    live.setStatuses(STATUSES);
    const ends = [feed.start(), times.start()];
    return () => {
      for (const end of ends) end();
    };
  }, [live, feed, times]);
  const state = useSyncExternalStore(
    (listener) => feed.subscribe(listener),
    () => feed.state(),
  );
  const timesState = useSyncExternalStore(
    (listener) => times.subscribe(listener),
    () => times.state(),
  );
  return {
    state,
    times: timesState,
    again: () => {
      feed.again();
    },
  };
}
